/**
 * Unpacks the photos of a zip archive, one after the other.
 *
 * The archive is read through its central directory and each entry is streamed,
 * so neither is ever in memory as a whole. A photo appears only when it is
 * complete, so unpacking can be stopped and resumed.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

// @ts-types="@types/yauzl"
import { type Entry, openPromise, type ZipFile } from "yauzl";

import { replaceFile } from "@/files/atomic_write.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { removeLeftovers } from "@/files/remove_leftovers.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { isSystemError, systemReason } from "@/files/system_error.ts";
import { asWriteError, DatasetError } from "./dataset_error.ts";

/** A file that came out of an archive. */
export interface UnpackedFile {
  /** Its path in the archive, below the folder. */
  readonly file: string;
  /** Its length. */
  readonly bytes: number;
  /** Its checksum, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Choices of {@linkcode unpackPhotos}. */
export interface UnpackOptions {
  /** Receives the number of entries that are done. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops the work between two pieces of a photo. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks all `.png` entries of an archive and ignores the others. Photos that
 * have been unpacked before are kept, leftovers of killed processes removed.
 *
 * @param archive The path of the zip file.
 * @param folder Receives the entries, with their folders.
 * @param options Who watches and who may stop.
 * @returns The photos, in the archive's order.
 * @throws {DatasetError} If the archive is damaged, an entry's path leads out of
 * the folder, or the disk is full.
 * @example
 * ```ts
 * import { DatasetError, unpackPhotos } from "@/datasets/mod.ts";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => unpackPhotos("deno.json", "/tmp"),
 *   DatasetError,
 *   '"deno.json"',
 * );
 * ```
 */
export async function unpackPhotos(
  archive: string,
  folder: string,
  options: UnpackOptions = {},
): Promise<UnpackedFile[]> {
  const { onProgress, signal } = options;
  const unpacked: UnpackedFile[] = [];
  try {
    await removeLeftovers(folder);
    const zip = await openPromise(archive, { strictFileNames: true });
    try {
      const name = archive.split("/").pop();
      const count = countProgress(
        `Unpacking ${name}`,
        zip.entryCount,
        onProgress,
      );
      let done = 0;
      for await (const entry of zip.eachEntry()) {
        signal?.throwIfAborted();
        if (/\.png$/i.test(entry.fileName)) {
          unpacked.push(await unpackEntry(zip, entry, folder, signal));
        }
        count(++done);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof DatasetError || !(error instanceof Error)) throw error;
    throw archiveError(archive, error);
  }
  return unpacked;
}

async function unpackEntry(
  zip: ZipFile,
  entry: Entry,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<UnpackedFile> {
  const { fileName: file, uncompressedSize: bytes } = entry;
  const path = `${folder}/${file}`;
  const kept = await checksumOf(path, entry);
  if (kept !== undefined) return { file, bytes, sha256: kept };
  try {
    const sha256 = await replaceFile(
      path,
      (temporary) => writeEntry(zip, entry, temporary, signal),
    );
    return { file, bytes, sha256 };
  } catch (error) {
    throw asWriteError(error, path, bytes);
  }
}

/** Writes an entry and returns its SHA-256 checksum. */
async function writeEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash("sha256");
  let checksum = 0;
  using file = await Deno.open(path, { truncate: true, write: true });
  const stream = await zip.openReadStreamPromise(entry);
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    signal?.throwIfAborted();
    hash.update(chunk);
    checksum = crc32(chunk, checksum);
    for (let done = 0; done < chunk.length;) {
      done += await file.write(chunk.subarray(done));
    }
  }
  if (checksum !== entry.crc32) {
    throw new Error(`the checksum of "${entry.fileName}" is wrong`);
  }
  return hash.digest("hex");
}

/** The SHA-256 checksum of a file, if it is what the entry holds. */
async function checksumOf(
  path: string,
  entry: Entry,
): Promise<string | undefined> {
  const size = await Deno.stat(path).then((s) => s.size, () => undefined);
  if (size !== entry.uncompressedSize) return undefined;
  const bytes = await Deno.readFile(path);
  return crc32(bytes) === entry.crc32 ? sha256Hex(bytes) : undefined;
}

function archiveError(archive: string, error: Error): DatasetError {
  const outside =
    /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s
      .exec(error.message)?.[1];
  return new DatasetError(
    outside !== undefined
      ? `Archive "${archive}" holds the path "${outside}", which leads out of ` +
        `its folder.`
      : isSystemError(error)
      ? `Archive "${archive}" could not be read: ${systemReason(error)}.`
      : `Archive "${archive}" is damaged: ${error.message}.`,
  );
}
