/**
 * A large file from a web server that may stop at any moment.
 *
 * The bytes go to `NAME.part`. When the connection drops, or the next time the
 * program runs, the download resumes where it stopped, by an HTTP range request
 * (RFC 9110, sections 13.1.5 and 14). `NAME` appears only when it is complete
 * and verified.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 * @module
 */
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout } from "node:timers";
import { setTimeout as delay } from "node:timers/promises";

import { countProgress, type OnProgress } from "@/files/progress.ts";
import { sha256File } from "@/files/sha256.ts";
import {
  isSystemError,
  megabytes,
  systemReason,
} from "@/files/system_error.ts";
import { asWriteError, DatasetError } from "./dataset_error.ts";

/** What to fetch, and how to verify it. */
export interface Download {
  /** The address of the file. */
  readonly url: string;
  /** Where to write it; its folder must exist. */
  readonly path: string;
  /** Its length, if known. */
  readonly bytes?: number;
  /** Its checksum, if known; 64 hexadecimal digits. */
  readonly sha256?: string;
  /** Throws a `DatasetError` if the file at this path is not as it should be. */
  readonly check?: (path: string) => Promise<void>;
}

/** Choices of {@linkcode downloadFile}. */
export interface DownloadOptions {
  /** Receives the megabytes that have arrived. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops the download; what has arrived is kept for the next time. */
  readonly signal?: AbortSignal | undefined;
  /** Number of tries in a row that may bring nothing; 6 by default. */
  readonly tries?: number;
  /** The wait before the second try, doubled before each further one; 1000 ms. */
  readonly waitMs?: number;
  /** How long a server may be silent; 60 000 ms by default. */
  readonly silenceMs?: number;
}

/** A failure that another try may fix. */
class Dropped extends Error {}

/**
 * Downloads a file, or verifies it if it exists already.
 *
 * @param download What to fetch.
 * @param options How to fetch it.
 * @throws {DatasetError} If the server refuses or cannot be reached, the file
 * is not the expected one (it is then removed), or the disk is full.
 * @example
 * ```ts
 * import { downloadFile } from "./download.ts";
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
  const { path, bytes } = download;
  const part = `${path}.part`;
  try {
    if (await sizeOf(path) !== undefined) {
      return await verify(download, path, options);
    }
    const isResumed = await fetchAll(download, part, options);
    await verify(download, part, options).catch(async (error) => {
      // A part left by an earlier try may belong to another file.
      if (!isResumed || !(error instanceof DatasetError)) throw error;
      await fetchAll(download, part, options);
      await verify(download, part, options);
    });
    await Deno.rename(part, path);
    await remove(tagPath(part));
  } catch (error) {
    throw asWriteError(error, path, bytes);
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
    checkSize(url, size, bytes);
    if (sha256 !== undefined) {
      const count = countMegabytes("Verifying", url, size, onProgress);
      const found = await sha256File(path, count, signal);
      if (found !== sha256) {
        throw new DatasetError(
          `File from ${url} has the SHA-256 checksum ${found}, not the ` +
            `expected ${sha256}.`,
        );
      }
    }
    await check?.(path);
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    await remove(path, tagPath(path));
    throw new DatasetError(`${error.message} The file was removed.`);
  }
}

function checkSize(url: string, size: number, bytes = size): void {
  if (size === bytes) return;
  throw new DatasetError(
    `File from ${url} has ${size} bytes, not the expected ${bytes}.`,
  );
}

/** Tries until the part is complete; returns whether it has several pieces. */
async function fetchAll(
  download: Download,
  part: string,
  options: DownloadOptions,
): Promise<boolean> {
  const { tries = 6, waitMs = 1000, signal, onProgress } = options;
  let isResumed = false;
  for (let failures = 1;; failures++) {
    const have = await sizeOf(part) ?? 0;
    isResumed ||= have > 0;
    if (have > 0 && have === download.bytes) return isResumed;
    try {
      await fetchRest(download, part, have, options);
      return isResumed;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Dropped)) throw error;
      if ((await sizeOf(part) ?? 0) > have) failures = 1;
      if (failures >= tries) {
        throw new DatasetError(
          `Download of ${download.url} failed ${failures} times in a row: ` +
            `${error.message}.`,
        );
      }
      const ms = waitMs * 2 ** (failures - 1);
      const phase = `Trying again in ${ms / 1000} s: ${error.message}`;
      onProgress?.({ phase, done: 0, total: 0 });
      await delay(ms, undefined, signal ? { signal } : {}).catch(() => {});
    }
  }
}

/** Asks once for what is missing after the first bytes, and adds it. */
async function fetchRest(
  { url, bytes }: Download,
  part: string,
  have: number,
  { silenceMs = 60_000, signal, onProgress }: DownloadOptions,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const tag = await Deno.readTextFile(tagPath(part)).catch(() => "");
    const response = await fetch(url, {
      headers: {
        "accept-encoding": "identity",
        ...have > 0 && { range: `bytes=${have}-` },
        // The rest of the same version only, else the whole file.
        ...have > 0 && tag !== "" && { "if-range": tag },
      },
      signal: AbortSignal.any([silence.signal, ...signal ? [signal] : []]),
    });
    const { start, total } = await rangeOf(url, response, part, have);
    const whole = bytes ?? total;
    if (total !== undefined && total !== whole) await response.body?.cancel();
    checkSize(url, total ?? whole ?? 0, whole);
    if (whole !== undefined) await requireSpace(part, whole - start);
    if (start === 0) await keepTag(part, response.headers.get("etag"));
    const count = countMegabytes("Downloading", url, whole ?? 0, onProgress);
    using file = await Deno.open(part, { create: true, append: true });
    await file.truncate(start);
    let written = start;
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      written += chunk.length;
      if (whole !== undefined && written > whole) {
        await remove(part, tagPath(part));
        throw new DatasetError(
          `Download of ${url} failed: more than the expected ${whole} bytes ` +
            `arrived.`,
        );
      }
      for (let at = 0; at < chunk.length;) {
        at += await file.write(chunk.subarray(at));
      }
      count(written);
    }
    await file.sync();
    if (whole !== undefined && written < whole) {
      throw new Dropped(`the server sent ${written} of ${whole} bytes`);
    }
  } catch (error) {
    const isKnown = error instanceof DatasetError || error instanceof Dropped;
    if (isKnown || isSystemError(error)) throw error;
    throw new Dropped(
      silence.signal.aborted
        ? `the server was silent for ${silenceMs / 1000} s`
        : networkReason(error),
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Where the response's bytes belong, and the length of the whole file. */
async function rangeOf(
  url: string,
  { status, statusText, headers, body }: Response,
  part: string,
  have: number,
): Promise<{ start: number; total: number | undefined }> {
  const range = headers.get("content-range") ?? "";
  const [, from, all] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
  const isRest = status === 206 && Number(from) === have;
  if (isRest || status === 200) {
    const total = isRest ? all : headers.get("content-length");
    return { start: isRest ? have : 0, total: Number(total) || undefined };
  }
  await body?.cancel();
  // The part is longer than the file, so it belongs to another one.
  if (status === 416) await remove(part);
  const answer = `${status} ${statusText} ${range}`.trim();
  const message = `the server answered ${answer}`;
  if ([408, 416, 429].includes(status) || status >= 500) {
    throw new Dropped(message);
  }
  throw new DatasetError(`Download of ${url} failed: ${message}.`);
}

/** Refuses to start what cannot fit on the disk. */
async function requireSpace(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path));
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new DatasetError(
    `Could not write "${path}": the disk is full. ${megabytes(bytes)} more ` +
      `are needed, but only ${megabytes(free)} are free.`,
  );
}

/** Says what went wrong on the way to the server, as the system puts it. */
function networkReason(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause) cause = cause.cause;
  return `the connection failed (${systemReason(cause).split(": ").at(-1)})`;
}

/** Keeps the server's name for this version of the file beside the part. */
async function keepTag(part: string, tag: string | null): Promise<void> {
  // Only a strong tag stands for the exact bytes (RFC 9110, 13.1.5).
  if (tag?.startsWith('"')) await Deno.writeTextFile(tagPath(part), tag);
  else await remove(tagPath(part));
}

function tagPath(part: string): string {
  return `${part}.etag`;
}

/** The length of a file; undefined if there is none. */
async function sizeOf(path: string): Promise<number | undefined> {
  return (await Deno.stat(path).catch(() => undefined))?.size;
}

async function remove(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await Deno.remove(path).catch(() => {});
}

/** Counts bytes, and reports whole megabytes. */
function countMegabytes(
  phase: string,
  url: string,
  bytes: number,
  onProgress: OnProgress | undefined,
): (bytes: number) => void {
  const count = countProgress(
    `${phase} ${url.split("/").pop()} (MB)`,
    Math.round(bytes / 1e6),
    onProgress,
  );
  return (done) => count(Math.round(done / 1e6));
}
