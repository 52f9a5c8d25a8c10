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
import { statfs } from "node:fs/promises";

import { DatasetError } from "./dataset_error.ts";
import { diskError, megabytes } from "./disk.ts";
import { countProgress, type OnDataProgress } from "./progress.ts";
import { sha256File } from "./sha256.ts";

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

/** A failure that another try may mend. */
class Dropped extends Error {}

async function fetchPiece(
  download: Download,
  part: string,
  options: DownloadOptions,
): Promise<void> {
  const { url, bytes } = download;
  const silence = new Silence(options.silenceMs ?? 60_000, options.signal);
  try {
    const have = await partSize(part, bytes);
    const response = await ask(url, have, await readTag(part), silence);
    if (response.status === 416) {
      await removeFile(part);
      throw new Dropped("the server has no more bytes than have come before");
    }
    const { start, total } = range(url, response, have);
    if (bytes !== undefined && total !== undefined && total !== bytes) {
      await response.body?.cancel();
      throw new DatasetError(
        `File at ${url} has ${total} bytes, not the expected ${bytes}`,
      );
    }
    const whole = bytes ?? total;
    if (whole !== undefined) await requireSpace(part, whole - start);
    if (start === 0) await writeTag(part, response.headers.get("etag"));
    const written = await receive(response, part, start, whole, {
      silence,
      count: countMegabytes(
        `Downloading ${fileName(url)}`,
        whole ?? 0,
        options.onProgress,
      ),
      url,
    });
    if (whole !== undefined && written < whole) {
      throw new Dropped(`it ended after ${written} of ${whole} bytes`);
    }
  } finally {
    silence.end();
  }
}

async function ask(
  url: string,
  have: number,
  tag: string | undefined,
  silence: Silence,
): Promise<Response> {
  const headers = new Headers({ "accept-encoding": "identity" });
  if (have > 0) {
    headers.set("range", `bytes=${have}-`);
    if (tag !== undefined) headers.set("if-range", tag);
  }
  let response: Response;
  try {
    response = await fetch(url, { headers, signal: silence.signal });
  } catch (error) {
    throw new Dropped(reason(error));
  }
  const { status } = response;
  if (status === 200 || status === 206) return response;
  await response.body?.cancel();
  // The part is longer than the file: not a part of it.
  if (status === 416 && have > 0) return response;
  const message = `the server answered ${status} ${response.statusText}`.trim();
  if (status === 408 || status === 429 || status >= 500) {
    throw new Dropped(message);
  }
  throw new DatasetError(`Download of ${url} failed: ${message}`);
}

/** What went wrong underneath, which is what a user can act on. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reason(error.cause) : error.message;
}

/** Where the answer's bytes belong, and how long the whole file is. */
function range(
  url: string,
  response: Response,
  have: number,
): { start: number; total: number | undefined } {
  if (response.status === 200) {
    const length = response.headers.get("content-length");
    return { start: 0, total: length === null ? undefined : Number(length) };
  }
  const header = response.headers.get("content-range") ?? "";
  const [, from, all] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header) ?? [];
  if (Number(from) === have) {
    return { start: have, total: all === "*" ? undefined : Number(all) };
  }
  throw new DatasetError(
    `Download of ${url} failed: asked for bytes from ${have}, the server ` +
      `answered "${header}"`,
  );
}

async function receive(
  response: Response,
  part: string,
  start: number,
  whole: number | undefined,
  { silence, count, url }: {
    silence: Silence;
    count: (bytes: number) => void;
    url: string;
  },
): Promise<number> {
  using file = await Deno.open(part, { create: true, write: true });
  await file.truncate(start);
  await file.seek(start, Deno.SeekMode.Start);
  let written = start;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const chunk = await reader?.read().catch((error) => {
        throw new Dropped(reason(error));
      });
      if (chunk?.value === undefined) break;
      silence.heard();
      for (let done = 0; done < chunk.value.length;) {
        done += await file.write(chunk.value.subarray(done));
      }
      written += chunk.value.length;
      count(written);
      if (whole !== undefined && written > whole) {
        throw new DatasetError(
          `Download of ${url} failed: more than the expected ${whole} bytes came`,
        );
      }
    }
  } catch (error) {
    await reader?.cancel().catch(() => {});
    if (error instanceof DatasetError) {
      await removeFile(part);
      await removeFile(tagPath(part));
    }
    throw error;
  }
  await file.sync();
  return written;
}

/** Aborts when nothing has been heard for too long, or with another signal. */
class Silence {
  readonly signal: AbortSignal;
  readonly #controller: AbortController = new AbortController();
  readonly #limit: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(limit: number, other: AbortSignal | undefined) {
    this.#limit = limit;
    this.#timer = this.#start();
    const own = this.#controller.signal;
    this.signal = other === undefined ? own : AbortSignal.any([own, other]);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#controller.abort(
        new Error(`the server was silent for ${this.#limit / 1000} s`),
      );
    }, this.#limit);
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

async function partSize(part: string, bytes?: number): Promise<number> {
  const size = await sizeOf(part) ?? 0;
  if (bytes === undefined || size <= bytes) return size;
  await removeFile(part);
  return 0;
}

async function requireSpace(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path.replace(/[^/\\]*$/, "") || ".");
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new DatasetError(
    `Disk is full: "${path}" needs ${megabytes(bytes)} more, but ` +
      `${megabytes(free)} are free`,
  );
}

/** The server's name for this version of the file, kept beside the part. */
function tagPath(part: string): string {
  return `${part}.etag`;
}

async function readTag(part: string): Promise<string | undefined> {
  return await Deno.readTextFile(tagPath(part)).catch(() => undefined);
}

async function writeTag(part: string, tag: string | null): Promise<void> {
  // Only a strong tag may stand for the exact bytes (RFC 9110, 13.1.5).
  if (tag?.startsWith('"')) await Deno.writeTextFile(tagPath(part), tag);
  else await removeFile(tagPath(part));
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function removeFile(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}

function fileName(url: string): string {
  return url.split("/").pop() ?? url;
}

function countMegabytes(
  phase: string,
  bytes: number,
  report: OnDataProgress | undefined,
): (bytes: number) => void {
  const count = countProgress(
    `${phase} (MB)`,
    Math.round(bytes / 1e6),
    report,
  );
  let last = -1;
  return (done) => {
    const whole = Math.round(done / 1e6);
    if (whole !== last) count(last = whole);
  };
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
