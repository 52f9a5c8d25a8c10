/**
 * The encoder with effort: sizes of blocks and latents are refined for each
 * photo, if that makes its file better. It needs TensorFlow's gradients, so a
 * browser never loads it.
 *
 * @module
 */

import { decodeImage } from "@/codec/decode/decode_image.ts";
import {
  encodeImage,
  encodeNear,
  type NearFile,
  nearFile,
} from "@/codec/encode/encode_image.ts";
import { MAX_EFFORT, parseHeader } from "@/codec/format/header.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { lambdaAt, levelOf, MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { invalid } from "@/errors/invalid.ts";
import { halveImage, type Pixels } from "@/images/mod.ts";
import { mse } from "@/metrics/mod.ts";
import { LatentRefiner } from "./refine_latents.ts";
import { countWindows, refiningAnalysis } from "./refine_tile.ts";

/**
 * Trials of each window per point of effort. On parts of four of Kodak's photos,
 * efforts of 1 and 4 saved 1.7 and 2.9 % of the bits at equal PSNR, and 0.8 and
 * 1.4 % of those of the medium image.
 */
const STEPS_PER_POINT = 3;

/**
 * How many lower qualities are tried for a size, because refined files may be
 * larger at the same quality.
 */
const LOWER_TRIALS = 4;

/** Options of an encoder with effort. */
export interface EffortOptions {
  /** As in `encodeImage`. */
  readonly coarseness?: number | undefined;
  /** 0 (none) to 10; each point adds three trials. */
  readonly effort: number;
  /** Called after each step; it may throw to stop. */
  readonly onStep?: (done: number, total: number) => void;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/** Options of {@linkcode RefiningEncoder.encode}. */
export interface EncodeRefinedOptions extends EffortOptions {
  /** 1 (small) to 100 (fine), 50 by default. */
  readonly quality?: number;
}

/** A photo and its half. */
interface PhotoSizes {
  /** What the high image should be. */
  readonly photo: Pixels;
  /** What the medium image should be. */
  readonly medium: Pixels;
}

/** What a file is compared with. */
export interface CostOptions extends PhotoSizes {
  /** Sets λ, 1..100. */
  readonly quality: number;
  /** Ends the work with its reason, within a second or so. */
  readonly signal?: AbortSignal | undefined;
}

/** Encodes photos with effort; traced steps are kept for the next photo. */
export class RefiningEncoder {
  readonly #loaded: LoadedModel;
  readonly #refiner: LatentRefiner;

  /**
   * Makes an encoder.
   *
   * @param loaded The model; it must outlive the encoder.
   */
  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
    this.#refiner = new LatentRefiner(loaded);
  }

  /**
   * Encodes a photo with refined latents and without, and returns the file that
   * is better for its size.
   *
   * @param photo At most 65535 pixels per side.
   * @param options How it is encoded.
   * @returns The file.
   * @throws {CodecError} "too large" if a side is over the limit.
   * @throws {RangeError} If an option or the photo is invalid.
   * @throws The signal's reason, once it is aborted.
   */
  async encode(
    photo: Pixels,
    { quality = 50, ...options }: EncodeRefinedOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const steps = stepsOfEffort(options.effort);
    const { effort, coarseness, signal } = options;
    const plain = await encodeImage(this.#loaded, photo, {
      ...{ quality, effort, coarseness, signal },
    });
    if (steps === 0) return plain;
    const sizes = { photo, medium: await halveImage(photo) };
    const refined = await this.#refine(sizes, quality, options);
    return await this.#better(sizes, [refined, plain], signal);
  }

  /**
   * Encodes a photo to a file that does not exceed a size: first without effort
   * by {@linkcode encodeNear}, then with it at the highest quality nearby that
   * fits. If even quality 1 gives a larger file, it returns that one.
   *
   * @param photo At most 65535 pixels per side.
   * @param bitsPerPixel The size, positive.
   * @param options The effort.
   * @returns The file and its quality.
   * @throws {CodecError} "too large" if a side is over the limit.
   * @throws {RangeError} If an option or the photo is invalid.
   * @throws The signal's reason, once it is aborted.
   */
  async encodeNear(
    photo: Pixels,
    bitsPerPixel: number,
    options: EffortOptions,
  ): Promise<NearFile> {
    const steps = stepsOfEffort(options.effort);
    const { effort, coarseness, signal } = options;
    const plain = await encodeNear(this.#loaded, photo, bitsPerPixel, {
      ...{ effort, coarseness, signal },
    });
    if (steps === 0) return plain;
    const sizes = { photo, medium: await halveImage(photo) };
    const refine = async (quality: number) => {
      const bytes = await this.#refine(sizes, quality, options);
      return nearFile(photo, bytes, quality);
    };
    let best: NearFile | undefined;
    const lowest = Math.max(1, plain.quality - LOWER_TRIALS);
    for (let quality = plain.quality; quality >= lowest; quality--) {
      const file = await refine(quality);
      if (file.bitsPerPixel > bitsPerPixel) continue;
      best = file;
      break;
    }
    if (best === undefined) return plain;
    // Higher qualities can only fit if the first one did.
    let quality = best.quality === plain.quality ? best.quality + 1 : 101;
    for (; quality <= 100; quality++) {
      const file = await refine(quality);
      if (file.bitsPerPixel > bitsPerPixel) break;
      best = file;
    }
    const files = [best.bytes, plain.bytes] as const;
    const bytes = await this.#better(sizes, files, signal);
    return bytes === best.bytes ? best : plain;
  }

  async #refine(
    { photo, medium }: PhotoSizes,
    quality: number,
    { effort, coarseness, onStep, signal }: EffortOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const steps = stepsOfEffort(effort);
    let done = 0;
    const total = steps * countWindows(photo);
    return await encodeImage(this.#loaded, photo, {
      ...{ quality, coarseness, effort, signal },
      analyse: refiningAnalysis(this.#refiner, medium, {
        steps,
        onStep: () => onStep?.(++done, total),
        signal,
      }),
    });
  }

  /** The file of the lower cost, with the λ of the second one's quality. */
  async #better<File extends Uint8Array>(
    sizes: PhotoSizes,
    [first, second]: readonly [File, File],
    signal?: AbortSignal,
  ): Promise<File> {
    const { quality } = parseHeader(second);
    const cost = (file: File) =>
      costOfFile(this.#loaded, file, { ...sizes, quality, signal });
    return await cost(first) < await cost(second) ? first : second;
  }

  /** Frees the traced steps. */
  [Symbol.dispose](): void {
    this.#refiner[Symbol.dispose]();
  }
}

/**
 * The trials of an effort, for each window.
 *
 * @param effort A whole number in 0..10.
 * @returns The number of trials.
 * @throws {RangeError} If there is no such effort.
 */
export function stepsOfEffort(effort: number): number {
  if (
    !Number.isInteger(effort) || effort < 0 || effort > MAX_EFFORT
  ) {
    throw invalid(
      "effort",
      `a whole number in 0..${MAX_EFFORT}`,
      effort,
    );
  }
  return STEPS_PER_POINT * effort;
}

/**
 * What training minimises, of a file and its images: bits per pixel, and λ times
 * the mean squared errors of both images.
 *
 * @param loaded The model that made the file.
 * @param file Made from the photo.
 * @param options What it is compared with.
 * @returns The cost in bits per pixel.
 */
export async function costOfFile(
  loaded: LoadedModel,
  file: Uint8Array,
  { photo, medium, quality, signal }: CostOptions,
): Promise<number> {
  const decoded = await decodeImage(loaded, file, { size: "both", signal });
  const highError = mse(decoded.high!.data, photo.data);
  const mediumError = mse(decoded.medium!.data, medium.data);
  const bits = 8 * file.length / (photo.width * photo.height);
  const errors = highError + MEDIUM_SHARE * mediumError;
  return bits + lambdaAt(levelOf(quality)) * errors;
}
