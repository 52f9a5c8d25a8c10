/**
 * A file from a server in parts that are read in any order, each by a range
 * request:
 *
 *     bytes=a-(b-1)     206  the part
 *                       200  all of it: the server knows no ranges
 *                       416  the file ends before it
 *
 * @module
 */
import type { ClipReader } from "@/codec/decode/decode_clip.ts";
import {
  checkAnswer,
  FetchError,
  type Get,
  totalOf,
} from "@/web/fetch_file.ts";

/** A file whose parts can be read. */
export interface FileRanges {
  /**
   * Reads a part; fewer bytes if the file ends before. It rejects with a
   * {@linkcode FetchError} if the server does not send it, or sends another
   * version of the file than before.
   */
  readonly read: ClipReader;
  /** Number of bytes that were received so far. */
  readonly received: () => number;
}

/**
 * Opens a file without asking the server yet.
 *
 * @param url Its address.
 * @param get Fetches it; `fetch` by default.
 * @returns The file.
 */
export function openRanges(
  url: string | URL,
  get: Get = (url, init) => fetch(url, init),
): FileRanges {
  let received = 0;
  /** The file, if the server sends all of it. */
  let whole: Uint8Array | undefined;
  /** What tells versions of the file apart. */
  const version: (string | undefined)[] = [];
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    if (whole !== undefined) return whole.subarray(start, end);
    const headers = { range: `bytes=${start}-${end - 1}` };
    const response = await get(url, { headers }).catch((error: Error) => {
      throw new FetchError(`The server cannot be reached: ${error.message}.`);
    });
    if (response.status === 416) {
      await response.body?.cancel();
      return new Uint8Array(0);
    }
    checkAnswer(response, `"${url}"`);
    const isPart = response.status === 206;
    const found = versionOf(response);
    for (const [i, part] of found.entries()) {
      if (isPart && (version[i] ?? part) !== (part ?? version[i])) {
        await response.body?.cancel();
        throw new FetchError(
          "The file has changed on the server: load the page again.",
        );
      }
      version[i] ??= part;
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    received += bytes.length;
    if (isPart) return bytes.subarray(0, end - start);
    whole = bytes;
    return whole.subarray(start, end);
  };
  return { read, received: () => received };
}

function versionOf(response: Response): (string | undefined)[] {
  return [response.headers.get("etag") ?? undefined, totalOf(response)];
}
