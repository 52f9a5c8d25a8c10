/**
 * Groups of frames to images, one frame in memory at a time.
 *
 * @module
 */
import { readGroup } from "@/codec/format/clip_group.ts";
import {
  clipStartBytes,
  isPredicted,
  parseClipHeader,
  type ParsedClip,
} from "@/codec/format/clip_header.ts";
import type { Tile } from "@/codec/format/tiles.ts";
import type { TileState } from "@/codec/model/before_coder.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { hex } from "@/codec/format/bytes.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import type { Pixels } from "@/images/pixels.ts";
import { decodeLayers } from "./decode_layers.ts";

/** Reads a part of a clip's file. */
export type ClipReader = (
  start: number,
  end: number,
) => Uint8Array | Promise<Uint8Array>;

/** Options of {@linkcode decodeGroup}. */
export interface DecodeGroupOptions {
  /** Which frames are made; `"high"` by default. */
  readonly size?: "medium" | "high";
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
  /** Called with each tile that is decoded and its latents, in 1/16 of a step. */
  readonly onTile?: (tile: Tile, latents: Int16Array) => void;
}

/** Bytes of a clip that are read at first, in search of its header. */
const FIRST_BYTES = 4096;

/**
 * Reads the header of a clip.
 *
 * @param read Reads the clip; fewer bytes than asked for mean that it ends.
 * @returns What it says.
 * @throws {CodecError} If there is no header, or it is cut or damaged.
 */
export async function readClipHeader(read: ClipReader): Promise<ParsedClip> {
  for (let length = FIRST_BYTES;; length *= 8) {
    const prefix = await read(0, length);
    try {
      return parseClipHeader(prefix);
    } catch (error) {
      const isCut = error instanceof CodecError && error.code === "truncated";
      if (!isCut || prefix.length < length) throw error;
    }
  }
}

/**
 * Refuses a clip of another model.
 *
 * @param loaded The model at hand.
 * @param clip The clip's header.
 * @throws {CodecError} "wrong model" if it was made with another one.
 */
export function requireModel(
  loaded: LoadedModel,
  clip: Pick<ParsedClip, "model" | "clipModel">,
): void {
  const check = (
    made: Uint8Array,
    own: LoadedModel | undefined,
    what: string,
  ) => {
    const found = own && hex(own.model.id);
    if (hex(made) === found) return;
    throw new CodecError(
      "wrong model",
      `The clip was made with ${what} ${hex(made)}, but ` +
        (found === undefined ? "there is none." : `this is ${what} ${found}.`),
    );
  };
  check(clip.model, loaded, "model");
  if (isPredicted(clip)) check(clip.clipModel, loaded.clip, "clip model");
}

/**
 * Decodes a group of frames. It needs no other group; medium frames need the
 * first part of it alone.
 *
 * @param loaded The model that made the clip.
 * @param clip The clip's header.
 * @param index The group's number, from 0.
 * @param read Reads the clip; fewer bytes than asked for mean that it is cut.
 * @param options Which frames are made.
 * @yields The frames in order.
 * @throws {CodecError} If the group is damaged or cut, before its first frame
 * or, where a checksum did not show it, before a later one.
 * @throws The signal's reason, once it is aborted.
 */
export async function* decodeGroup(
  loaded: LoadedModel,
  clip: ParsedClip,
  index: number,
  read: ClipReader,
  { size = "high", signal, onTile }: DecodeGroupOptions = {},
): AsyncGenerator<Pixels> {
  const { start, mediumEnd, end, frames } = clip.places[index]!;
  const wanted = size === "high" ? end : mediumEnd;
  const bytes = await read(start, wanted);
  if (bytes.length < wanted - start) {
    throw new CodecError("truncated", `The clip ends inside group ${index}.`);
  }
  const medium = mediumEnd - start;
  const group = readGroup(
    { clip: clipStartBytes(clip), index },
    frames,
    bytes.subarray(0, medium),
    size === "high" ? bytes.subarray(medium) : undefined,
  );
  if (size === "high" && group.restIs !== "complete") {
    throw new CodecError(
      "damaged",
      `The high frames of group ${index} are damaged.`,
    );
  }
  const { width, height, quality, coarseness } = clip;
  const leaves = isPredicted(clip) ? "planes" : "blocks";
  let shown: Pixels | undefined;
  let before: readonly TileState[] | undefined;
  for (const layers of group.frames) {
    signal?.throwIfAborted();
    if (layers !== undefined) {
      const source = { width, height, quality, coarseness, layers, before };
      const images = await decodeLayers(loaded, source, {
        [size]: true,
        ...{ leaves, signal },
        ...onTile && { onTile },
      });
      shown = images[size]!;
      before = images.left!;
    }
    yield shown!;
  }
}
