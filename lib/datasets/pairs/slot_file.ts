/**
 * The file of what was prepared from photos or clips: slots of one length, each
 * of which holds bytes or nothing.
 *
 *     slot 0 | slot 1 | … | manifest | length | crc | "PAIRS\r\n1"
 *
 * The manifest is JSON in UTF-8: what the slots were made from, which of them
 * belong to which split, and a CRC-32 for each. Its length and its own CRC-32
 * follow as 32-bit little-endian numbers, then eight bytes at the end of every
 * finished file. A file that was cut off, or in which a bit has flipped, does
 * not load.
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

const magic = new TextEncoder().encode("PAIRS\r\n1");
const trailerBytes = 8 + magic.length;

/** Which slots a file holds. */
export interface SlotManifest {
  /** What the slots were made from. */
  readonly fingerprint: string;
  /** The photo or clip of each slot, and the slot, by split. */
  readonly splits: Readonly<
    Record<Split, { readonly names: string[]; readonly slots: number[] }>
  >;
  /** The CRC-32 of each slot; null where the slot is empty. */
  readonly checksums: readonly (number | null)[];
  /** The files that could not be used. */
  readonly skipped: readonly SkippedFile[];
}

/** Writes slots, in any order. */
export class SlotWriter {
  readonly #file: Deno.FsFile;
  readonly #slotBytes: number;
  readonly #checksums: (number | null)[];

  /**
   * Starts a file; an existing one is emptied.
   *
   * @param path The file to write.
   * @param slotBytes The length of a slot in bytes.
   * @param slots Number of slots.
   */
  constructor(path: string, slotBytes: number, slots: number) {
    this.#file = Deno.openSync(path, {
      create: true,
      truncate: true,
      write: true,
    });
    this.#slotBytes = slotBytes;
    this.#checksums = new Array(slots).fill(null);
  }

  /**
   * Writes one slot.
   *
   * @param slot Its place, from 0.
   * @param parts Its bytes, one part after the other.
   */
  write(slot: number, ...parts: readonly Uint8Array[]): void {
    let [at, checksum] = [slot * this.#slotBytes, 0];
    for (const part of parts) {
      writeAt(this.#file, at, part);
      at += part.length;
      checksum = crc32(part, checksum);
    }
    this.#checksums[slot] = checksum;
  }

  /**
   * Writes the manifest and waits until everything is on the disk.
   *
   * @param manifest All but the checksums, which are known already.
   */
  finish<Manifest extends SlotManifest>(
    manifest: Omit<Manifest, "checksums">,
  ): void {
    const checksums = this.#checksums;
    const json = new TextEncoder().encode(
      JSON.stringify({ ...manifest, checksums }),
    );
    const tail = new Uint8Array(json.length + trailerBytes);
    const view = new DataView(tail.buffer);
    tail.set(json);
    view.setUint32(json.length, json.length, true);
    view.setUint32(json.length + 4, crc32(json), true);
    tail.set(magic, json.length + 8);
    writeAt(this.#file, checksums.length * this.#slotBytes, tail);
    this.#file.syncSync();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}

/** A file of slots in memory. */
export interface LoadedSlots<Manifest extends SlotManifest> {
  /** Which slots there are. */
  readonly manifest: Manifest;
  /** The slots of each split, one after the other. */
  readonly bytes: Readonly<Record<Split, Uint8Array<SharedArrayBuffer>>>;
}

/**
 * Loads a file of slots into memory and verifies every byte.
 *
 * @param path The file to load.
 * @param fingerprint What the slots must have been made from.
 * @param slotBytes The length of a slot in bytes, given the manifest.
 * @param signal Stops the loading.
 * @returns The slots, or undefined if the file is missing, unfinished, damaged
 * or made from something else.
 */
export async function loadSlots<Manifest extends SlotManifest>(
  path: string,
  fingerprint: string,
  slotBytes: (manifest: Manifest) => number,
  signal?: AbortSignal,
): Promise<LoadedSlots<Manifest> | undefined> {
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
  const manifest = readManifest(file) as Manifest | undefined;
  if (manifest?.fingerprint !== fingerprint) return undefined;
  const bytes: Partial<Record<Split, Uint8Array<SharedArrayBuffer>>> = {};
  for (const split of splits) {
    const length = slotBytes(manifest);
    const loaded = await readSlots(file, manifest, split, length, signal);
    if (loaded === undefined) return undefined;
    bytes[split] = loaded;
  }
  return {
    manifest,
    bytes: bytes as Record<Split, Uint8Array<SharedArrayBuffer>>,
  };
}

function readManifest(file: Deno.FsFile): SlotManifest | undefined {
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
  manifest: SlotManifest,
  split: Split,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<SharedArrayBuffer> | undefined> {
  const { slots } = manifest.splits[split];
  const bytes = new Uint8Array(new SharedArrayBuffer(slots.length * length));
  for (const [i, slot] of slots.entries()) {
    const into = bytes.subarray(i * length, (i + 1) * length);
    if (!readAt(file, slot * length, into)) return undefined;
    if (crc32(into) !== manifest.checksums[slot]) return undefined;
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
