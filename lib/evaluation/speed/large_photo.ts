/**
 * Time and memory of our codec for a photo of 25 megapixels.
 *
 * Each step runs in a process of its own, `large_photo_step.ts`, so that the most
 * memory that it ever has is that of the step.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import type { LargePhotoCost } from "@/evaluation/results.ts";
import { type Pixels, resizeImage, writeImage } from "@/images/mod.ts";

/** Size of the enlarged photo in pixels: 25 megapixels. */
const LARGE = { width: 6144, height: 4096 };

/** Where a step finds what it needs. */
export interface LargePhotoFiles {
  /** The file of weights. */
  readonly weights: string;
  /** The photo. */
  readonly photo: string;
  /** The encoded file. */
  readonly file: string;
  /** Quality, 1..100. */
  readonly quality: number;
}

/** The steps, in their order. */
export type LargePhotoStep = "encode" | "high" | "medium";

/** What a step prints as JSON. */
export interface StepCost {
  /** Time in milliseconds, without reading and writing files. */
  readonly ms: number;
  /** The most memory of the process in MiB; `null` where it cannot be read. */
  readonly mebibytes: number | null;
}

/**
 * Enlarges a photo and measures what it takes to encode and to decode it.
 *
 * @param photo The photo.
 * @param weights Path of our file of weights.
 * @param quality 1..100.
 * @param size Size to which it is enlarged, 25 megapixels by default.
 * @returns Times and memory.
 * @throws {Error} If a step fails.
 */
export async function measureLargePhoto(
  photo: Pixels,
  weights: string,
  quality: number,
  { width, height }: { readonly width: number; readonly height: number } =
    LARGE,
): Promise<LargePhotoCost> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_large_" });
  try {
    const files: LargePhotoFiles = {
      weights,
      photo: `${folder}/photo.png`,
      file: `${folder}/photo.onecode`,
      quality,
    };
    await writeImage(files.photo, await resizeImage(photo, width, height));
    const encode = await runStep("encode", files);
    const high = await runStep("high", files);
    const medium = await runStep("medium", files);
    return {
      width,
      height,
      made: `the photo of ${photo.width} x ${photo.height} pixels, enlarged`,
      encodeMs: encode.ms,
      encodeMiB: encode.mebibytes,
      decodeHighMs: high.ms,
      decodeHighMiB: high.mebibytes,
      decodeMediumMs: medium.ms,
      decodeMediumMiB: medium.mebibytes,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function runStep(
  step: LargePhotoStep,
  files: LargePhotoFiles,
): Promise<StepCost> {
  const script = fileURLToPath(new URL("large_photo_step.ts", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, step, JSON.stringify(files)],
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`The step "${step}" fails: ${text(stderr)}`);
  return JSON.parse(text(stdout).split("\n").at(-1)!);
}
