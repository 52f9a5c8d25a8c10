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
import { isSystemError, megabytes } from "@/files/system_error.ts";
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
    if (bytes !== undefined && size !== bytes) {
      throw new DatasetError(
        `File from ${url} has ${size} bytes, not the expected ${bytes}.`,
      );
    }
    if (sha256 !== undefined) {
      const count = countMegabytes(
        `Verifying ${nameOf(url)}`,
        size,
        onProgress,
      );
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

/** Tries until the part is complete; returns whether it has several pieces. */
async function fetchAll(
  download: Download,
  part: string,
  options: DownloadOptions,
): Promise<boolean> {
  const { tries = 6, waitMs = 1000, signal, onProgress } = options;
  let joined = false;
  for (let failures = 0;;) {
    signal?.throwIfAborted();
    const before = await sizeOf(part) ?? 0;
    joined ||= before > 0;
    if (before > 0 && before === download.bytes) return joined;
    try {
      await fetchRest(download, part, options);
      return joined;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Dropped)) throw error;
      if ((await sizeOf(part) ?? 0) > before) failures = 0;
      if (++failures >= tries) {
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

/** Asks once for what is missing of a file and adds it to its part. */
async function fetchRest(
  { url, bytes }: Download,
  part: string,
  { silenceMs = 60_000, signal, onProgress }: DownloadOptions,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), silenceMs);
  try {
    const either = AbortSignal.any([silence.signal, ...signal ? [signal] : []]);
    const headers = await requestHeaders(part, bytes);
    const response = await fetch(url, { headers, signal: either });
    const { start, total } = await rangeOf(url, response, part);
    if (bytes !== undefined && total !== undefined && total !== bytes) {
      await response.body?.cancel();
      throw new DatasetError(
        `File at ${url} has ${total} bytes, not the expected ${bytes}.`,
      );
    }
    const whole = bytes ?? total;
    if (whole !== undefined) await requireSpace(part, whole - start);
    if (start === 0) await keepTag(part, response.headers.get("etag"));
    const phase = `Downloading ${nameOf(url)}`;
    const count = countMegabytes(phase, whole ?? 0, onProgress);
    using file = await Deno.open(part, { create: true, write: true });
    await file.truncate(start);
    await file.seek(start, Deno.SeekMode.Start);
    let written = start;
    for await (const chunk of response.body ?? []) {
      timer.refresh();
      for (let done = 0; done < chunk.length;) {
        done += await file.write(chunk.subarray(done));
      }
      count(written += chunk.length);
      if (whole !== undefined && written > whole) {
        await remove(part, tagPath(part));
        throw new DatasetError(
          `Download of ${url} failed: more than the expected ${whole} bytes ` +
            `arrived.`,
        );
      }
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

/** Asks for the bytes after the part, if it is of the same version. */
async function requestHeaders(
  part: string,
  bytes: number | undefined,
): Promise<Headers> {
  const headers = new Headers({ "accept-encoding": "identity" });
  const have = await sizeOf(part) ?? 0;
  if (bytes !== undefined && have > bytes) await remove(part);
  else if (have > 0) {
    headers.set("range", `bytes=${have}-`);
    const tag = await Deno.readTextFile(tagPath(part)).catch(() => "");
    if (tag !== "") headers.set("if-range", tag);
  }
  return headers;
}

/** Where the response's bytes belong, and the length of the whole file. */
async function rangeOf(
  url: string,
  response: Response,
  part: string,
): Promise<{ start: number; total: number | undefined }> {
  const { status, statusText, headers } = response;
  if (status === 200) {
    const length = headers.get("content-length");
    return { start: 0, total: length === null ? undefined : Number(length) };
  }
  const have = await sizeOf(part) ?? 0;
  const range = headers.get("content-range") ?? "";
  const [, from, all] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range) ?? [];
  if (status === 206 && Number(from) === have) {
    return { start: have, total: all === "*" ? undefined : Number(all) };
  }
  await response.body?.cancel();
  if (status === 416 && have > 0) {
    // The part is longer than the file, so it belongs to another one.
    await remove(part);
    throw new Dropped("the server has fewer bytes than have arrived");
  }
  const answer = status === 206
    ? `"${range}" when asked for the bytes from ${have}`
    : `${status} ${statusText}`.trim();
  const message = `the server answered ${answer}`;
  if (status === 408 || status === 429 || status >= 500) {
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

/** Says what went wrong on the way to the server. */
function networkReason(error: unknown): string {
  let message = "";
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    message = cause.message;
  }
  if (/refused/i.test(message)) return "the server refused the connection";
  if (/dns|lookup|resolve/i.test(message)) {
    return "the server was not found; check the network connection";
  }
  if (/certificate|tls/i.test(message)) {
    return "the server's certificate is not valid";
  }
  return "the connection was lost";
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

/** The last part of an address. */
function nameOf(url: string): string {
  return url.split("/").pop() ?? url;
}

/** The length of a file; undefined if there is none. */
async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function remove(...paths: readonly string[]): Promise<void> {
  for (const path of paths) await Deno.remove(path).catch(() => {});
}

/** Counts bytes, and reports when a whole megabyte has been added. */
function countMegabytes(
  phase: string,
  bytes: number,
  onProgress: OnProgress | undefined,
): (bytes: number) => void {
  const total = Math.round(bytes / 1e6);
  const count = countProgress(`${phase} (MB)`, total, onProgress);
  let last = -1;
  return (done) => {
    const whole = Math.round(done / 1e6);
    if (whole !== last) count(last = whole);
  };
}
