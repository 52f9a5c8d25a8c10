/**
 * Clips to groups of frames, one group in memory at a time.
 *
 * @module
 */
import {
  type ClipHeader,
  type ClipStart,
  clipStartBytes,
  isPredicted,
  writeClipHeader,
} from "@/codec/format/clip_header.ts";
import { writeGroup } from "@/codec/format/clip_group.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { invalid } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/pixels.ts";
import { RATE_WEIGHT } from "./encode_image.ts";
import type { TileState } from "@/codec/model/before_coder.ts";
import { type EncodedLayers, encodeFrame } from "./encode_layers.ts";

/** Options of {@linkcode encodeGroups}. */
export interface EncodeGroupsOptions {
  /** Frames in each group but the last, 1..1024. */
  readonly groupFrames: number;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/** A group that was encoded. */
export interface EncodedGroup {
  /** Number of its frames. */
  readonly frames: number;
  /** Its medium frames. */
  readonly medium: Uint8Array<ArrayBuffer>;
  /** What the high frames add. */
  readonly rest: Uint8Array<ArrayBuffer>;
}

/**
 * Encodes the frames of a clip: the first one of a group by itself, and others
 * given the one before, or as a repetition if they equal it.
 *
 * @param loaded The model.
 * @param frames The frames in order, each of the clip's size.
 * @param start What all groups share; its model is the one that is given.
 * @param options How frames are grouped.
 * @yields Groups in order.
 * @throws {RangeError} If a frame has another size.
 * @throws The signal's reason, once it is aborted.
 */
export async function* encodeGroups(
  loaded: LoadedModel,
  frames: AsyncIterable<Pixels> | Iterable<Pixels>,
  start: ClipStart,
  { groupFrames, signal }: EncodeGroupsOptions,
): AsyncGenerator<EncodedGroup> {
  const { quality, coarseness, width, height } = start;
  const clip = clipStartBytes(start);
  const leaves = isPredicted(start) ? "planes" : "blocks";
  let layers: (EncodedLayers | undefined)[] = [];
  let before: Pixels | undefined;
  let left: readonly TileState[] | undefined;
  let index = 0;
  const finish = (): EncodedGroup => {
    const [medium, rest] = writeGroup({ clip, index: index++ }, layers);
    const group = { frames: layers.length, medium, rest };
    layers = [];
    before = left = undefined;
    return group;
  };
  for await (const frame of frames) {
    signal?.throwIfAborted();
    if (frame.width !== width || frame.height !== height) {
      const size = `${frame.width}x${frame.height}`;
      throw invalid("frame", `of ${width}x${height} pixels`, size);
    }
    if (before !== undefined && isEqual(before.data, frame.data)) {
      layers.push(undefined);
    } else {
      const encoded = await encodeFrame(loaded, frame, {
        ...{ quality, coarseness, rateWeight: RATE_WEIGHT, signal },
        ...{ before: left, leaves },
      });
      layers.push(encoded.layers);
      left = encoded.left;
    }
    before = frame;
    if (layers.length === groupFrames) yield finish();
  }
  if (layers.length > 0) yield finish();
}

/**
 * Encodes a clip that fits into memory.
 *
 * @param loaded The model.
 * @param frames The frames in order, at least one, each of the clip's size.
 * @param form What the clip says of itself; its model is the one that is given.
 * @param options How frames are grouped.
 * @returns The file.
 * @throws {RangeError} If a frame has another size, or there is none.
 * @throws The signal's reason, once it is aborted.
 */
export async function encodeClip(
  loaded: LoadedModel,
  frames: AsyncIterable<Pixels> | Iterable<Pixels>,
  form: ClipStart & Pick<ClipHeader, "rate" | "seconds">,
  options: EncodeGroupsOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const groups = await Array.fromAsync(
    encodeGroups(loaded, frames, form, options),
  );
  return await joinGroups(
    { ...form, groupFrames: options.groupFrames },
    groups,
  );
}

/**
 * Makes a clip of groups that are encoded.
 *
 * @param form What the clip says of itself.
 * @param groups Its groups, in order.
 * @returns The file.
 */
export async function joinGroups(
  form: Omit<ClipHeader, "frames" | "groups">,
  groups: readonly EncodedGroup[],
): Promise<Uint8Array<ArrayBuffer>> {
  const header = writeClipHeader({
    ...form,
    frames: groups.reduce((sum, { frames }) => sum + frames, 0),
    groups: groups.map(({ medium, rest }) => ({
      medium: medium.length,
      rest: rest.length,
    })),
  });
  const parts = groups.flatMap(({ medium, rest }) => [medium, rest]);
  return await new Blob([header, ...parts]).bytes();
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((value, i) => value === b[i]);
}
