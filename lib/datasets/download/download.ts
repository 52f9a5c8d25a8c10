/**
 * A large file from a web server that may stop at any moment.
 *
 * The bytes go to `NAME.part`. When the connection drops, or the next time the
 * program runs, the download goes on where it stopped, by an HTTP range request
 * (RFC 9110, sections 13.1.5 and 14). `NAME` appears only when it is whole and
 * verified.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 * @module
 */
import {
  countMegabytes,
  Dropped,
  fetchPiece,
  fileName,
} from "./_fetch_piece.ts";
import { removeFile, sizeOf, tagPath } from "./_part_file.ts";
import { DatasetError } from "@/datasets/dataset_error.ts";
import { diskError } from "@/files/disk.ts";
import type { OnDataProgress } from "@/datasets/progress.ts";
import { sha256File } from "@/files/sha256.ts";

/** What to fetch, and how to tell that it is right. */
export interface Download {
  /** Where the file is. */
  readonly url: string;
  /** Where it goes; its folder must exist. */
  readonly path: string;
  /** Its length, if known. */
  readonly bytes?: number;
  /** Its checksum, if known; 64 hexadecimal digits. */
  readonly sha256?: string;
  /** Throws if the file at this path is not what it should be. */
  readonly check?: (path: string) => Promise<void>;
}

/** How {@linkcode downloadFile} works. */
export interface DownloadOptions {
  /** Told how many megabytes have come. */
  readonly onProgress?: OnDataProgress | undefined;
  /** Stops the download; what has come is kept for the next time. */
  readonly signal?: AbortSignal | undefined;
  /** Tries in a row that may bring nothing; 6 by default. */
  readonly tries?: number;
  /** The wait before the second try, doubled before each more; 1000 ms. */
  readonly waitMs?: number;
  /** How long a server may be silent; 60 000 ms by default. */
  readonly silenceMs?: number;
}

/**
 * Downloads a file, or verifies it if it is there already.
 *
 * @param download What to fetch.
 * @param options How.
 * @throws {DatasetError} If the server refuses or stays away, the file is not
 * the expected one (it is removed then), or the disk is full.
 * @example
 * ```ts
 * import { downloadFile } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const server = Deno.serve({ port: 0, onListen() {} }, () => new Response("x"));
 * const path = `${await Deno.makeTempDir()}/x.txt`;
 * const url = `http://localhost:${server.addr.port}/x.txt`;
 * await downloadFile({ url, path, bytes: 1 });
 * assertEquals(await Deno.readTextFile(path), "x");
 * await server.shutdown();
 * await Deno.remove(path);
 * ```
 */
export async function downloadFile(
  download: Download,
  options: DownloadOptions = {},
): Promise<void> {
  const { path } = download;
  if (await sizeOf(path) !== undefined) {
    return await verify(download, path, options);
  }
  const part = `${path}.part`;
  try {
    const resumed = await fetchAll(download, part, options);
    try {
      await verify(download, part, options);
    } catch (error) {
      // A part left by an earlier try may belong to another file.
      if (!resumed || !(error instanceof DatasetError)) throw error;
      await fetchAll(download, part, options);
      await verify(download, part, options);
    }
    await Deno.rename(part, path);
    await removeFile(tagPath(part));
  } catch (error) {
    throw diskError(error, path, download.bytes);
  }
}

/** Removes the file if it is not the right one. */
async function verify(
  { url, bytes, sha256, check }: Download,
  path: string,
  { onProgress, signal }: DownloadOptions,
): Promise<void> {
  try {
    const size = await sizeOf(path) ?? 0;
    if (bytes !== undefined && size !== bytes) {
      throw new DatasetError(
        `File from ${url} has ${size} bytes, not the expected ${bytes}`,
      );
    }
    if (sha256 !== undefined) {
      const count = countMegabytes(
        `Verifying ${fileName(url)}`,
        size,
        onProgress,
      );
      const found = await sha256File(path, count, signal);
      if (found !== sha256) {
        throw new DatasetError(
          `File from ${url} has the SHA-256 checksum ${found}, not the ` +
            `expected ${sha256}`,
        );
      }
    }
    await check?.(path);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    await removeFile(path);
    await removeFile(tagPath(path));
    throw new DatasetError(`${error.message}; it was removed`);
  }
}

/** Tries until the part is complete; tells whether it joined several pieces. */
async function fetchAll(
  download: Download,
  part: string,
  options: DownloadOptions,
): Promise<boolean> {
  const { tries = 6, waitMs = 1000, signal } = options;
  let joined = false;
  for (let failures = 0;;) {
    signal?.throwIfAborted();
    const before = await sizeOf(part) ?? 0;
    joined ||= before > 0;
    if (before > 0 && before === download.bytes) return joined;
    try {
      await fetchPiece(download, part, options);
      return joined;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Dropped)) throw error;
      if ((await sizeOf(part) ?? 0) > before) failures = 0;
      if (++failures >= tries) {
        throw new DatasetError(
          `Download of ${download.url} failed ${failures} times in a row: ` +
            error.message,
        );
      }
      const ms = waitMs * 2 ** (failures - 1);
      options.onProgress?.({
        phase: `Trying again in ${ms / 1000} s, as ${error.message}`,
        done: 0,
        total: 0,
      });
      await wait(ms, signal);
    }
  }
}

/** Waits, unless the signal is aborted first. */
async function wait(
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
