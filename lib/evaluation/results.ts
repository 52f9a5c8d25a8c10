/**
 * The codec's measured results in `results/codec/`. Reading them needs no
 * TensorFlow.
 *
 *     kodak.json, starter.json, folder_….json   rate and quality
 *     storage.json                              bytes at equal quality
 *     speed.json                                time
 *     views.json                                photos to look at
 *
 * @module
 */

import { ResultError } from "@/experiment/results.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import type {
  CodecOrigin,
  CodecRates,
  CodecSpeed,
  CodecStorage,
  CodecViews,
} from "./types.ts";

export type * from "./types.ts";

/**
 * Names the file that holds crops of photos.
 *
 * @param id Id of a codec, `original` or `medium`.
 * @returns A name such as `views_ours.webp`.
 */
export function viewStrip(id: string): string {
  return `views_${id}.webp`;
}

/**
 * Writes a result atomically, with numbers rounded to seven digits.
 *
 * @param folder Where to write, such as `results/codec`.
 * @param file Name without extension, such as `kodak`.
 * @param result The result.
 * @returns Path of the file.
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
 * @param file Name of the photo set, such as `kodak`.
 * @returns The result.
 * @throws {ResultError} If it is missing or invalid, with the command that
 * measures it.
 */
export async function readRates(
  folder: string,
  file: string,
): Promise<CodecRates> {
  const command = `deno task measure rates --data ${file}`;
  return await read(`${folder}/${file}.json`, "bdRate", command) as CodecRates;
}

/**
 * Reads bytes at equal quality.
 *
 * @param folder Such as `results/codec`.
 * @returns The result.
 * @throws {ResultError} As {@linkcode readRates}.
 */
export async function readStorage(folder: string): Promise<CodecStorage> {
  const command = "deno task measure storage";
  const found = await read(`${folder}/storage.json`, "targets", command);
  return found as CodecStorage;
}

/**
 * Reads times.
 *
 * @param folder Such as `results/codec`.
 * @returns The result.
 * @throws {ResultError} As {@linkcode readRates}.
 */
export async function readSpeed(folder: string): Promise<CodecSpeed> {
  const command = "deno task measure speed";
  const found = await read(`${folder}/speed.json`, "timesOurs", command);
  return found as CodecSpeed;
}

/**
 * Reads what figures show of photos.
 *
 * @param folder Such as `results/codec`.
 * @returns The result.
 * @throws {ResultError} As {@linkcode readRates}.
 */
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
    throw new ResultError(`"${path}" is missing: run \`${command}\`.`);
  }
  try {
    const found = JSON.parse(text);
    if (found?.[field] !== undefined) return found;
  } catch {
    // It is reported below.
  }
  throw new ResultError(
    `"${path}" is not a valid result: run \`${command}\` again.`,
  );
}
