/**
 * A file as the answer to a request: whole or a range of it, with validators
 * that caches need, streamed from the disk.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13
 * @module
 */
import { extname } from "node:path";
import { type ByteRange, readRange } from "./byte_range.ts";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".avif": "image/avif",
  ".jxl": "image/jxl",
  ".jp2": "image/jp2",
};

/**
 * The media type of a file.
 *
 * @param path Its name or path.
 * @returns By the ending; `application/octet-stream` if that is unknown.
 */
export function mediaType(path: string): string {
  return types[extname(path).toLowerCase()] ?? "application/octet-stream";
}

/** How a file is sent. */
export interface FileAnswerOptions {
  /** Caches may keep it for a year without asking again. */
  readonly immutable: boolean;
  /** Called at the end with the status and the bytes of the body. */
  readonly onSent: (status: number, bytes: number) => void;
}

/**
 * Answers a request with a file.
 *
 * @param request GET or HEAD; its conditions and its range are followed.
 * @param file The file, open; it is closed in any case.
 * @param path The file's path, for its media type.
 * @param options How it is sent.
 * @returns Status 200, 206, 304 or 416.
 */
export async function answerFile(
  request: Request,
  file: Deno.FsFile,
  path: string,
  { immutable, onSent }: FileAnswerOptions,
): Promise<Response> {
  const { size, mtime, ino } = await file.stat();
  const etag = `"${
    [size, mtime?.getTime() ?? 0, ino ?? 0].map(base36).join("-")
  }"`;
  const modified = (mtime ?? new Date(0)).toUTCString();
  const headers = new Headers({
    "content-type": mediaType(path),
    "accept-ranges": "bytes",
    etag,
    "last-modified": modified,
    // Ranges of a file that somebody compresses on the way would not fit.
    "cache-control": immutable
      ? "public, max-age=31536000, immutable, no-transform"
      : "no-cache, no-transform",
  });
  const end = (status: number) => {
    file.close();
    onSent(status, 0);
    return new Response(null, { status, headers });
  };
  if (isUnchanged(request.headers, etag, modified)) return end(304);
  const range = askedRange(request, size, { etag, modified });
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${size}`);
    headers.set("cache-control", "no-store");
    return end(416);
  }
  const isPart = range !== "whole";
  const part = isPart ? range : { start: 0, end: size };
  headers.set("content-length", `${part.end - part.start}`);
  if (isPart) {
    const { start, end } = part;
    headers.set("content-range", `bytes ${start}-${end - 1}/${size}`);
  }
  const status = isPart ? 206 : 200;
  if (request.method === "HEAD" || part.start === part.end) return end(status);
  const body = await streamPart(file, part, (bytes) => onSent(status, bytes));
  return new Response(body, { status, headers });
}

const base36 = (number: number) => number.toString(36);

/** Whether a client has this version of the file already. */
function isUnchanged(
  headers: Headers,
  etag: string,
  modified: string,
): boolean {
  const known = headers.get("if-none-match");
  if (known === null) {
    const since = Date.parse(headers.get("if-modified-since") ?? "");
    return since >= Date.parse(modified);
  }
  return known.trim() === "*" ||
    known.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** The range of a request, unless the file is not what its client expects. */
function askedRange(
  { method, headers }: Request,
  size: number,
  { etag, modified }: { readonly etag: string; readonly modified: string },
): ReturnType<typeof readRange> {
  // Only GET has ranges.
  if (method !== "GET") return "whole";
  const expected = headers.get("if-range");
  const fits = expected === null || expected === etag || expected === modified;
  return fits ? readRange(headers.get("range"), size) : "whole";
}

/** Bytes that are read at once. */
const CHUNK = 65_536;

/** Reads a part of a file as fast as its reader takes it. */
async function streamPart(
  file: Deno.FsFile,
  { start, end }: ByteRange,
  onSent: (bytes: number) => void,
): Promise<ReadableStream<Uint8Array>> {
  await file.seek(start, Deno.SeekMode.Start);
  let sent = 0;
  const finish = () => {
    file.close();
    onSent(sent);
  };
  return new ReadableStream({
    async pull(controller) {
      const chunk = new Uint8Array(Math.min(CHUNK, end - start - sent));
      const count = await file.read(chunk).catch(() => null);
      if (count === null) {
        finish();
        controller.error(new Error("The file has become shorter."));
        return;
      }
      controller.enqueue(chunk.subarray(0, count));
      sent += count;
      if (sent < end - start) return;
      finish();
      controller.close();
    },
    cancel: finish,
  }, { highWaterMark: 0 });
}
