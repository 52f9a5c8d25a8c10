/**
 * The clip of the site's demo: a camera that moves over a starter photo, so that
 * it may be shipped as the photo may.
 *
 *     demo/clip/clip.json
 *     demo/clip/clip.onecode
 *     demo/clip/poster.webp      the first frame
 *
 * @module
 */
import { encodeClip } from "@/codec/encode/encode_clip.ts";
import type { LoadedModel } from "@/codec/mod.ts";
import {
  makeClip,
  type Motion,
  scaleForClips,
} from "@/datasets/clips/made_clips.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { decodePixels, encodePixels, type Pixels } from "@/images/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import type { DemoClip } from "@/web/clips/demo_clip.ts";

/** Choices of {@linkcode writeDemoClip}. */
export interface DemoClipOptions {
  /** Path of the photo. */
  readonly photo: string;
  /** What it shows, for readers. */
  readonly name: string;
  /** How the camera moves. */
  readonly motion: Motion;
  /** A sentence with author and licence. */
  readonly credit: string;
  /** Width and height of the frames in pixels. */
  readonly side: number;
  /** Number of frames. */
  readonly frames: number;
  /** Frames in a second, and in a group. */
  readonly rate: number;
  /** 1..100. */
  readonly quality: number;
  /** Receives the number of frames. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the demo's clip.
 *
 * @param folder Where it goes, such as `results/codec/demo/clip`.
 * @param loaded The model and the clip model.
 * @param options Photo, form, quality and credit.
 * @returns What the list says, which is written too.
 * @throws {RangeError} If there is no clip model.
 */
export async function writeDemoClip(
  folder: string,
  loaded: LoadedModel,
  options: DemoClipOptions,
): Promise<DemoClip> {
  const { name, credit, side, frames, rate, quality, signal } = options;
  if (loaded.clip === undefined) {
    throw new RangeError("There is no clip model.");
  }
  const { id: model } = loaded.model, { id: clipModel } = loaded.clip.model;
  const photo = await decodePixels(await Deno.readFile(options.photo));
  const scaled = await scaleForClips(photo, side);
  const random = seededRandom("demo clip", name);
  const bytes = makeClip(scaled, options.motion, side, frames, random);
  const progress = countProgress("The demo's clip", frames, options.onProgress);
  const length = side * side * 3;
  const frame = (t: number): Pixels => ({
    ...{ width: side, height: side },
    data: bytes.subarray(t * length, (t + 1) * length),
  });
  function* all() {
    for (let t = 0; t < frames; t++) {
      progress(t);
      yield frame(t);
    }
  }
  const form = {
    ...{ model, clipModel, width: side, height: side },
    ...{ quality, coarseness: 1, rate, seconds: 1 },
  };
  const file = await encodeClip(loaded, all(), form, {
    groupFrames: rate,
    signal,
  });
  const write = async (path: string, bytes: Uint8Array) => {
    await atomicWrite(`${folder}/${path}`, bytes);
    return { path, bytes: bytes.length };
  };
  const list: DemoClip = {
    ...{ model: model.toHex(), clipModel: clipModel.toHex(), name, credit },
    ...{ width: side, height: side, frames },
    ours: await write("clip.onecode", file),
    poster: await write(
      "poster.webp",
      await encodePixels(frame(0), "webp", { quality: 85 }),
    ),
  };
  await atomicWrite(
    `${folder}/clip.json`,
    `${JSON.stringify(list, null, 2)}\n`,
  );
  return list;
}
