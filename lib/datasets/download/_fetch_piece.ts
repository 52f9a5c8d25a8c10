/**
 * One answer of a web server, added to the part of a download.
 *
 * @module
 */
import {
  partSize,
  readTag,
  removeFile,
  requireSpace,
  tagPath,
  writeTag,
} from "./_part_file.ts";
import { Silence } from "./_silence.ts";
import { DatasetError } from "@/datasets/dataset_error.ts";
import type { Download, DownloadOptions } from "./download.ts";
import { countProgress, type OnDataProgress } from "@/datasets/progress.ts";

/** A failure that another try may mend. */
export class Dropped extends Error {}

/**
 * Asks once for what is missing of a file and adds it to its part.
 *
 * @throws {Dropped} If another try may bring more.
 * @throws {DatasetError} If not.
 */
export async function fetchPiece(
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

/** The last part of an address. */
export function fileName(url: string): string {
  return url.split("/").pop() ?? url;
}

/** Counts bytes, and reports when a whole megabyte has been added. */
export function countMegabytes(
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
