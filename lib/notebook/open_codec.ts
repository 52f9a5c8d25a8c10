/**
 * The measurements of the codec, in a notebook, without TensorFlow.
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
  readPerception,
  readRates,
  readSpeed,
  readStorage,
  readViews,
} from "@/evaluation/results.ts";
import { drawFigure } from "@/experiment/figures.ts";
import type { Figure } from "@/experiment/types.ts";
import { publishedFolder } from "./results_folder.ts";

/** All measurements of the codec, and their figures. */
export interface MeasuredCodec {
  /** Rate and quality on Kodak's photos. */
  readonly kodak: CodecRates;
  /** Rate and quality on the starter set's test photos. */
  readonly starter: CodecRates;
  /** Rate and quality of a few photos by SSIMULACRA 2. */
  readonly perception: CodecRates;
  /** What one file for two sizes saves. */
  readonly storage: CodecStorage;
  /** Time to encode and to decode. */
  readonly speed: CodecSpeed;
  /** Photos side by side. */
  readonly views: CodecViews;
  /**
   * Draws one of the figures, to be shown.
   *
   * @param name The figure's.
   * @throws {RangeError} If there is no figure of that name.
   */
  figure(name: string): Promise<Figure>;
}

/**
 * Opens the measurements of the codec.
 *
 * @param results Folder of all results; by default that of the repository.
 * @throws {ResultError} If a measurement is missing; the message names the
 * command that makes it.
 */
export async function openCodec(
  results: string = publishedFolder,
): Promise<MeasuredCodec> {
  const folder = join(results, "codec");
  const figures = await codecFigures(folder);
  return {
    kodak: await readRates(folder, "kodak"),
    starter: await readRates(folder, "starter"),
    perception: await readPerception(folder),
    storage: await readStorage(folder),
    speed: await readSpeed(folder),
    views: await readViews(folder),
    figure: (name) => drawFigure(figures, name),
  };
}
