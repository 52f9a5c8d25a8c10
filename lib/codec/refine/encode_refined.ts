/**
 * Images to files with effort: latents are refined for the one image, as far as
 * that makes its file better.
 *
 * @module
 */

import { halveImage } from "@/images/mod.ts";
import { mse } from "@/metrics/mod.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { decodeImage } from "@/codec/decode/decode_image.ts";
import { encodeImage } from "@/codec/encode/encode_image.ts";
import { encodeNear, type NearFile } from "@/codec/encode/encode_near.ts";
import { parseHeader } from "@/codec/format/parse_header.ts";
import type { Picture } from "@/codec/model/picture.ts";
import { lambdaAt, levelOf, MEDIUM_SHARE } from "@/codec/model/quality.ts";
import { LatentRefiner, REFINED_RATE_WEIGHT } from "./refine_latents.ts";
import { countWindows, refiningAnalysis } from "./refine_tile.ts";
import { cutTiles } from "@/codec/format/tiles.ts";

/** The greatest effort. */
export const GREATEST_EFFORT = 10;

/**
 * Gradient steps that each point of effort adds. On parts of four of Kodak's
 * photos, efforts of 1, 2, 4 and 10 took 2.8, 3.8, 4.3 and 4.4 % off the bits at
 * equal PSNR, and 1.5, 2.4, 2.9 and 3.1 % off those of the medium image.
 */
const STEPS_A_POINT = 4;

/** Refined files may be larger at a quality; so many below it are tried. */
const LOWER_TRIALS = 4;

/** How much is done for a file. */
export interface EffortChoices {
  /** 0 (none) to 10; each adds four gradient steps. */
  readonly effort: number;
  /** Told after each step of how many; it may throw to stop. */
  readonly onStep?: (done: number, total: number) => void;
}

/** Choices of {@linkcode RefiningEncoder.encode}. */
export interface EncodeRefinedOptions extends EffortChoices {
  /** 1 (small) to 100 (fine), 50 by default. */
  readonly quality?: number;
}

/** Encodes images with effort; steps that were traced are kept in between. */
export class RefiningEncoder {
  readonly #loaded: LoadedModel;
  readonly #refiner: LatentRefiner;

  /** @param loaded The model; it must outlive this. */
  constructor(loaded: LoadedModel) {
    this.#loaded = loaded;
    this.#refiner = new LatentRefiner(loaded);
  }

  /**
   * Encodes an image; of the file with refined latents and the one without, the
   * better one for its size is taken.
   *
   * @returns The file.
   * @throws {CodecError} "too large" if a side is over the limit.
   * @throws {RangeError} If a choice or the picture makes no sense.
   */
  async encode(
    picture: Picture,
    { quality = 50, ...choices }: EncodeRefinedOptions,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const steps = stepsOfEffort(choices.effort);
    const plain = await encodeImage(this.#loaded, picture, { quality });
    if (steps === 0) return plain;
    const medium = await halveImage(picture);
    const refined = await this.#refine(picture, medium, quality, choices);
    return await this.#better(picture, medium, refined, plain);
  }

  /**
   * Encodes an image to a file that is not above a size: without effort first,
   * by {@linkcode encodeNear}, and then with it, at the highest quality around
   * that fits. Where even quality 1 gives a larger file, that one is taken.
   *
   * @param target Bits a pixel, above 0.
   * @throws {CodecError} "too large" if a side is over the limit.
   * @throws {RangeError} If a choice or the picture makes no sense.
   */
  async encodeNear(
    picture: Picture,
    target: number,
    choices: EffortChoices,
  ): Promise<NearFile> {
    const steps = stepsOfEffort(choices.effort);
    const plain = await encodeNear(this.#loaded, picture, target);
    if (steps === 0) return plain;
    const medium = await halveImage(picture);
    const refine = async (quality: number) => {
      const bytes = await this.#refine(picture, medium, quality, choices);
      const bitsPerPixel = 8 * bytes.length / (picture.width * picture.height);
      return { bytes, quality, bitsPerPixel };
    };
    let best: NearFile | undefined;
    const lowest = Math.max(1, plain.quality - LOWER_TRIALS);
    for (let quality = plain.quality; quality >= lowest; quality--) {
      const file = await refine(quality);
      if (file.bitsPerPixel > target) continue;
      best = file;
      break;
    }
    if (best === undefined) return plain;
    // Only if the first one fitted may there be better ones above.
    let quality = best.quality === plain.quality ? best.quality + 1 : 101;
    for (; quality <= 100; quality++) {
      const file = await refine(quality);
      if (file.bitsPerPixel > target) break;
      best = file;
    }
    const bytes = await this.#better(picture, medium, best.bytes, plain.bytes);
    return bytes === best.bytes ? best : plain;
  }

  async #refine(
    picture: Picture,
    medium: Picture,
    quality: number,
    { effort, onStep }: EffortChoices,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const steps = stepsOfEffort(effort);
    let done = 0;
    const total = steps * countWindows(cutTiles(picture));
    return await encodeImage(this.#loaded, picture, {
      quality,
      rateWeight: REFINED_RATE_WEIGHT,
      analyse: refiningAnalysis(this.#refiner, medium, {
        steps,
        onStep: () => onStep?.(++done, total),
      }),
    });
  }

  /** The file that costs less where λ is that of the second one's quality. */
  async #better<File extends Uint8Array>(
    picture: Picture,
    medium: Picture,
    first: File,
    second: File,
  ): Promise<File> {
    const { quality } = parseHeader(second);
    const cost = (file: File) =>
      costOfFile(this.#loaded, file, picture, medium, quality);
    return await cost(first) < await cost(second) ? first : second;
  }

  /** Frees what was traced. */
  dispose(): void {
    this.#refiner.dispose();
  }
}

/**
 * Gradient steps of an effort.
 *
 * @param effort 0..10.
 * @throws {RangeError} When there is no such effort.
 */
export function stepsOfEffort(effort: number): number {
  if (
    !Number.isInteger(effort) || effort < 0 || effort > GREATEST_EFFORT
  ) {
    throw new RangeError(
      `Effort must be a whole number within 0..${GREATEST_EFFORT}, ` +
        `but it is ${effort}.`,
    );
  }
  return STEPS_A_POINT * effort;
}

/**
 * What training makes small, of a file and what it decodes to: bits a pixel, and
 * λ times the mean squared errors of both images.
 *
 * @param file Made from the picture.
 * @param picture The high image as it should be.
 * @param medium The medium image as it should be.
 * @param quality Whose λ counts, 1..100.
 * @returns In bits a pixel.
 */
export async function costOfFile(
  loaded: LoadedModel,
  file: Uint8Array,
  picture: Picture,
  medium: Picture,
  quality: number,
): Promise<number> {
  const decoded = await decodeImage(loaded, file, { size: "both" });
  const highError = mse(decoded.high!.data, picture.data);
  const mediumError = mse(decoded.medium!.data, medium.data);
  const bits = 8 * file.length / (picture.width * picture.height);
  const errors = highError + MEDIUM_SHARE * mediumError;
  return bits + lambdaAt(levelOf(quality)) * errors;
}
