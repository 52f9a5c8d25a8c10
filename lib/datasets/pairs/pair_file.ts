/**
 * The file of prepared pairs.
 *
 *     slot 0 | slot 1 | … | manifest | length | crc | "PAIRS\r\n1"
 *
 * A slot is one pair as in {@linkcode SharedPairs}. The manifest is JSON in
 * UTF-8: what the pairs were made from, which slots belong to which split, and
 * a CRC-32 for each. Its length and its own CRC-32 follow as 32-bit
 * little-endian numbers, then eight bytes at the end of every finished file.
 * A file that was cut off, or in which a bit has flipped, does not load.
 *
 * @module
 */
import { crc32 } from "node:zlib";

import { DatasetError } from "@/datasets/photos/dataset_error.ts";
import {
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
import { systemReason } from "@/files/system_error.ts";
import type { ImagePair } from "./crop.ts";
import { imageBytes, pairBytes, SharedPairs } from "./pairs.ts";

const magic = new TextEncoder().encode("PAIRS\r\n1");
const trailerBytes = 8 + magic.length;

/** Which pairs a file holds. */
export interface PairManifest {
  /** What the pairs were made from; see `preparePairs`. */
  readonly fingerprint: string;
  /** The side of the high images. */
  readonly highSize: number;
  /** The photo of each pair and the slot that it is in. */
  readonly splits: Readonly<
    Record<Split, { readonly names: string[]; readonly slots: number[] }>
  >;
  /** The CRC-32 of each slot; null where the slot is empty. */
  readonly checksums: readonly (number | null)[];
  /** The photos that could not be used. */
  readonly skipped: readonly SkippedFile[];
}

/** The pairs of a photo set, in memory. */
export interface PreparedPairs {
  /** Pairs for training. */
  readonly train: SharedPairs;
  /** Pairs for validation during training. */
  readonly valid: SharedPairs;
  /** Pairs for the final test. */
  readonly test: SharedPairs;
  /** The photos that could not be used. */
  readonly skipped: readonly SkippedFile[];
}

/** Writes pairs into their slots, in any order. */
export class PairWriter {
  readonly #file: Deno.FsFile;
  readonly #record: number;
  readonly #checksums: (number | null)[];

  /**
   * Starts a file; an existing one is emptied.
   *
   * @param path The file to write.
   * @param highSize The side of the high images in pixels.
   * @param slots Number of slots.
   */
  constructor(path: string, highSize: number, slots: number) {
    this.#file = Deno.openSync(path, {
      create: true,
      truncate: true,
      write: true,
    });
    this.#record = pairBytes(highSize);
    this.#checksums = new Array(slots).fill(null);
  }

  /**
   * Writes one pair.
   *
   * @param slot Its place, from 0.
   * @param pair The images.
   */
  write(slot: number, { high, medium }: ImagePair): void {
    const start = slot * this.#record;
    writeAt(this.#file, start, high);
    writeAt(this.#file, start + high.length, medium);
    this.#checksums[slot] = crc32(medium, crc32(high));
  }

  /**
   * Writes the manifest and waits until everything is on the disk.
   *
   * @param manifest All but the checksums, which are known already.
   */
  finish(manifest: Omit<PairManifest, "checksums">): void {
    const checksums = this.#checksums;
    const json = new TextEncoder().encode(
      JSON.stringify({ ...manifest, checksums } satisfies PairManifest),
    );
    const tail = new Uint8Array(json.length + trailerBytes);
    const view = new DataView(tail.buffer);
    tail.set(json);
    view.setUint32(json.length, json.length, true);
    view.setUint32(json.length + 4, crc32(json), true);
    tail.set(magic, json.length + 8);
    writeAt(this.#file, checksums.length * this.#record, tail);
    this.#file.syncSync();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/**
 * Loads a file of pairs into memory and verifies every byte.
 *
 * @param path The file to load.
 * @param fingerprint What the pairs must have been made from.
 * @param signal Stops the loading.
 * @returns The pairs, or undefined if the file is missing, unfinished, damaged
 * or made from something else.
 * @example
 * ```ts
 * import { loadPairFile } from "./pair_file.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await loadPairFile("no/such/file", ""), undefined);
 * ```
 */
export async function loadPairFile(
  path: string,
  fingerprint: string,
  signal?: AbortSignal,
): Promise<PreparedPairs | undefined> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (isMissing) return undefined;
    throw new DatasetError(
      `"${path}" could not be read: ${systemReason(error)}.`,
    );
  }
  using _closed = file;
  const manifest = readManifest(file);
  if (manifest?.fingerprint !== fingerprint) return undefined;
  const loaded: Partial<Record<Split, SharedPairs>> = {};
  for (const split of splits) {
    const bytes = await readSlots(file, manifest, split, signal);
    if (bytes === undefined) return undefined;
    const { names } = manifest.splits[split];
    loaded[split] = new SharedPairs(split, manifest.highSize, names, bytes);
  }
  const { train, valid, test } = loaded as Record<Split, SharedPairs>;
  return { train, valid, test, skipped: manifest.skipped };
}

function readManifest(file: Deno.FsFile): PairManifest | undefined {
  const { size } = file.statSync();
  if (size < trailerBytes) return undefined;
  const trailer = new Uint8Array(trailerBytes);
  if (!readAt(file, size - trailerBytes, trailer)) return undefined;
  if (magic.some((byte, i) => trailer[8 + i] !== byte)) return undefined;
  const view = new DataView(trailer.buffer);
  const length = view.getUint32(0, true);
  if (length > size - trailerBytes) return undefined;
  const json = new Uint8Array(length);
  const start = size - trailerBytes - length;
  if (!readAt(file, start, json)) return undefined;
  if (crc32(json) !== view.getUint32(4, true)) return undefined;
  return JSON.parse(new TextDecoder().decode(json));
}

async function readSlots(
  file: Deno.FsFile,
  manifest: PairManifest,
  split: Split,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<SharedArrayBuffer> | undefined> {
  const { slots } = manifest.splits[split];
  const record = pairBytes(manifest.highSize);
  const high = imageBytes(manifest.highSize);
  const bytes = new Uint8Array(new SharedArrayBuffer(slots.length * record));
  for (const [i, slot] of slots.entries()) {
    const pair = bytes.subarray(i * record, (i + 1) * record);
    if (!readAt(file, slot * record, pair)) return undefined;
    const checksum = crc32(pair.subarray(high), crc32(pair.subarray(0, high)));
    if (checksum !== manifest.checksums[slot]) return undefined;
    if (i % 64 === 63) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
    }
  }
  return bytes;
}

function readAt(file: Deno.FsFile, start: number, into: Uint8Array): boolean {
  file.seekSync(start, Deno.SeekMode.Start);
  for (let done = 0; done < into.length;) {
    const count = file.readSync(into.subarray(done));
    if (count === null) return false;
    done += count;
  }
  return true;
}

function writeAt(file: Deno.FsFile, start: number, from: Uint8Array): void {
  file.seekSync(start, Deno.SeekMode.Start);
  for (let done = 0; done < from.length;) {
    done += file.writeSync(from.subarray(done));
  }
}
