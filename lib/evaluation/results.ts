/**
 * What was measured of the codec, as it lies in `results/codec/`: reading it
 * needs no TensorFlow.
 *
 *     kodak.json, starter.json, folder_….json   rate and quality
 *     storage.json                              bytes at equal quality
 *     speed.json                                time
 *     views.json                                photos to look at
 *
 * @module
 */

import { atomicWrite } from "@/files/atomic_write.ts";
import type {
  CodecOrigin,
  CodecRates,
  CodecSpeed,
  CodecStorage,
  CodecViews,
} from "./types.ts";
import { ResultError } from "@/experiment/results.ts";

export type * from "./types.ts";

/** The file of a codec's squares, or of the originals or medium images. */
export function viewStrip(id: string): string {
  return `views_${id}.webp`;
}

/**
 * Writes a result, whole or not at all.
 *
 * @param folder Such as `results/codec`.
 * @param file Such as `kodak`.
 * @param result Its numbers are rounded to seven digits.
 * @returns Its path.
 */
export async function writeCodecResult(
  folder: string,
  file: string,
  result: CodecOrigin,
): Promise<string> {
  const path = `${folder}/${file}.json`;
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(7)) : value;
  await atomicWrite(path, `${JSON.stringify(result, rounded, 2)}\n`);
  return path;
}

/**
 * Reads rates and qualities.
 *
 * @param folder Such as `results/codec`.
 * @param file Such as `kodak`.
 * @throws {ResultError} If there are none, with the command that makes them.
 */
export async function readRates(
  folder: string,
  file: string,
): Promise<CodecRates> {
  const command = `deno task measure rates --data ${file}`;
  return await read(`${folder}/${file}.json`, "bdRate", command) as CodecRates;
}

/** As {@linkcode readRates}, of bytes at equal quality. */
export async function readStorage(folder: string): Promise<CodecStorage> {
  const command = "deno task measure storage";
  const found = await read(`${folder}/storage.json`, "targets", command);
  return found as CodecStorage;
}

/** As {@linkcode readRates}, of time. */
export async function readSpeed(folder: string): Promise<CodecSpeed> {
  const command = "deno task measure speed";
  const found = await read(`${folder}/speed.json`, "timesOurs", command);
  return found as CodecSpeed;
}

/** As {@linkcode readRates}, of photos to look at. */
export async function readViews(folder: string): Promise<CodecViews> {
  const command = "deno task measure views";
  const found = await read(`${folder}/views.json`, "views", command);
  return found as CodecViews;
}

async function read(
  path: string,
  field: string,
  command: string,
): Promise<unknown> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ResultError(`There is no "${path}": run \`${command}\`.`);
  }
  try {
    const found = JSON.parse(text);
    if (found?.[field] !== undefined) return found;
  } catch {
    // It is told below.
  }
  throw new ResultError(
    `"${path}" is no result of this kind: run \`${command}\` again.`,
  );
}
