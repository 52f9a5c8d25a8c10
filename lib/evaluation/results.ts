/**
 * The codec's measured results in `results/codec/`. Reading them needs no
 * TensorFlow.
 *
 *     kodak.json, starter.json, folder_….json   rate and quality
 *     perception.json                           the same by SSIMULACRA 2
 *     storage.json                              bytes at equal quality
 *     speed.json                                time
 *     views.json                                photos to look at
 *     clips.json                                clips as files; see `sections/video`
 *
 * @module
 */

import { ResultError } from "@/experiment/results.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
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
  return await read(folder, file, "bdRate", `rates --data ${file}`);
}

/**
 * Reads rates and qualities by SSIMULACRA 2.
 *
 * @param folder Such as `results/codec`.
 * @returns The result.
 * @throws {ResultError} As {@linkcode readRates}.
 */
export async function readPerception(folder: string): Promise<CodecRates> {
  const command = "perception --data kodak";
  return await read(folder, "perception", "bdRateSsimulacra2", command);
}

/**
 * Reads bytes at equal quality.
 *
 * @param folder Such as `results/codec`.
 * @returns The result.
 * @throws {ResultError} As {@linkcode readRates}.
 */
export async function readStorage(folder: string): Promise<CodecStorage> {
  return await read(folder, "storage", "targets");
}

/**
 * Reads times.
 *
 * @param folder Such as `results/codec`.
 * @returns The result.
 * @throws {ResultError} As {@linkcode readRates}.
 */
export async function readSpeed(folder: string): Promise<CodecSpeed> {
  return await read(folder, "speed", "timesOurs");
}

/**
 * Reads what figures show of photos.
 *
 * @param folder Such as `results/codec`.
 * @returns The result.
 * @throws {ResultError} As {@linkcode readRates}.
 */
export async function readViews(folder: string): Promise<CodecViews> {
  return await read(folder, "views", "views");
}

/** Reads a file that has a field and is written by `deno task measure`. */
async function read<Result>(
  folder: string,
  file: string,
  field: keyof Result,
  part = file,
): Promise<Result> {
  const path = `${folder}/${file}.json`;
  const command = `deno task measure ${part}`;
  const text = await readTextIfPresent(path);
  if (text === undefined) {
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
