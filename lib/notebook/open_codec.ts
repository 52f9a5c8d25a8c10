/**
 * What was measured of the codec, in a notebook; without TensorFlow.
 *
 * @module
 */
import { join } from "node:path";
import { codecFigures } from "@/evaluation/figures.ts";
import {
  type CodecRates,
  type CodecSpeed,
  type CodecStorage,
  type CodecViews,
  readRates,
  readSpeed,
  readStorage,
  readViews,
} from "@/evaluation/results.ts";
import type { Figure } from "@/experiment/types.ts";
import { publishedFolder } from "./results_folder.ts";

/** All measurements of the codec, and their figures. */
export interface MeasuredCodec {
  /** Rate and quality on Kodak's photos. */
  readonly kodak: CodecRates;
  /** Rate and quality on the starter set's test photos. */
  readonly starter: CodecRates;
  /** What one file for two sizes is worth. */
  readonly storage: CodecStorage;
  /** Time to encode and to decode. */
  readonly speed: CodecSpeed;
  /** Photos side by side. */
  readonly views: CodecViews;
  /** By name. */
  readonly figures: readonly Figure[];
}

/**
 * Opens what was measured of the codec.
 *
 * @param results Folder of all results; that of the repository when left out.
 * @throws {ResultError} When something was not measured, with the command that
 * does it.
 */
export async function openCodec(
  results: string = publishedFolder,
): Promise<MeasuredCodec> {
  const folder = join(results, "codec");
  return {
    kodak: await readRates(folder, "kodak"),
    starter: await readRates(folder, "starter"),
    storage: await readStorage(folder),
    speed: await readSpeed(folder),
    views: await readViews(folder),
    figures: await codecFigures(folder),
  };
}
