/**
 * The photos in a zip archive to files, one after the other.
 *
 * The archive is read through its central directory and each entry is streamed,
 * so neither is ever whole in memory. An entry goes to a temporary name first:
 * a photo that is there is there in full, and unpacking can be stopped and
 * taken up again.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

// @ts-types="@types/yauzl"
import { type Entry, openPromise, type ZipFile } from "yauzl";

import { DatasetError } from "@/datasets/dataset_error.ts";
import { diskError } from "@/files/disk.ts";
import { countProgress, type OnDataProgress } from "@/datasets/progress.ts";

/** A file that came out of an archive. */
export interface UnpackedFile {
  /** Its path in the archive, below the folder. */
  readonly file: string;
  /** Its length. */
  readonly bytes: number;
  /** Its checksum, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** How {@linkcode unpackPhotos} works. */
export interface UnpackOptions {
  /** Told how many entries are done. */
  readonly onProgress?: OnDataProgress | undefined;
  /** Stops it between two pieces of a photo. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Unpacks all `.png` entries of an archive; others are left in it. What is
 * there already, whole, is kept.
 *
 * @param archive The zip file.
 * @param folder Receives the entries, with their folders.
 * @param options How.
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
  const path = `${folder}/${entry.fileName}`;
  const there = await describe(path, entry);
  if (there !== undefined) return there;
  const temporary = `${path}.tmp`;
  try {
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const sha256 = await writeEntry(zip, entry, temporary, signal);
    await Deno.rename(temporary, path);
    return { file: entry.fileName, bytes: entry.uncompressedSize, sha256 };
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw diskError(error, path, entry.uncompressedSize);
  }
}

async function writeEntry(
  zip: ZipFile,
  entry: Entry,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const hash = createHash("sha256");
  let checksum = 0;
  using file = await Deno.open(path, {
    create: true,
    truncate: true,
    write: true,
  });
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

/** The photo at the path, if it is what the entry holds. */
async function describe(
  path: string,
  { fileName, uncompressedSize, crc32: checksum }: Entry,
): Promise<UnpackedFile | undefined> {
  const size = await Deno.stat(path).then((s) => s.size, () => undefined);
  if (size !== uncompressedSize) return undefined;
  const bytes = await Deno.readFile(path);
  if (crc32(bytes) !== checksum) return undefined;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { file: fileName, bytes: bytes.length, sha256 };
}

function archiveError(archive: string, error: Error): DatasetError {
  const outside =
    /^(?:invalid relative path|absolute path|invalid characters in fileName): (.*)$/s
      .exec(error.message)?.[1];
  return new DatasetError(
    outside === undefined
      ? `Archive "${archive}" is damaged: ${error.message}`
      : `Archive "${archive}" holds the path "${outside}", which leads out of ` +
        `its folder`,
  );
}
