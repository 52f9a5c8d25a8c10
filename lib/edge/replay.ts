/**
 * Requests of a trace, sent to a real cache one after another, and counted at
 * both ends: what clients receive, and what the origin sends.
 *
 * @module
 */
import type { CacheWay } from "./cache_options.ts";
import type { PhotoBytes } from "./objects.ts";
import type { FolderAnswer } from "./serve_folder.ts";
import type { TraceBlock } from "./trace.ts";

/** A photo that an origin serves. */
export interface ServedPhoto extends PhotoBytes {
  /** Its path in addresses, percent-encoded. */
  readonly path: string;
}

/** A request that was answered. */
export interface ReplayedRequest {
  /** Whether the origin was not asked. */
  readonly isHit: boolean;
  /** Bytes that the client received. */
  readonly clientBytes: number;
  /** Requests to the origin. */
  readonly originRequests: number;
  /** Bytes that the origin sent. */
  readonly originBytes: number;
  /** What the cache says of each of its answers, such as `HIT`. */
  readonly states: readonly string[];
  /** Whether its layers are of two versions of the file, by their ETags. */
  readonly isMixed: boolean;
}

/** Where requests go. */
export interface ReplayTarget {
  /** Address of the cache. */
  readonly address: string;
  /** What it keeps, which decides how clients ask. */
  readonly way: CacheWay;
  /** The photos, by their numbers in the trace. */
  readonly photos: readonly ServedPhoto[];
  /** What the origin answered so far; more is added while requests run. */
  readonly answers: readonly FolderAnswer[];
}

/**
 * Sends the requests of a block.
 *
 * @param block The requests.
 * @param target Where they go.
 * @param signal Stops between two requests.
 * @returns What came back, in order.
 * @throws {Error} If an answer is an error, or not of the bytes asked for.
 */
export async function* replay(
  { photos, isHigh }: TraceBlock,
  target: ReplayTarget,
  signal?: AbortSignal,
): AsyncGenerator<ReplayedRequest> {
  for (const [i, photo] of photos.entries()) {
    signal?.throwIfAborted();
    const served = target.photos[photo]!;
    const before = target.answers.length;
    const answers = [];
    for (const range of rangesOf(served, isHigh[i] === 1, target.way)) {
      answers.push(await ask(new URL(served.path, target.address), range));
    }
    const asked = target.answers.slice(before);
    yield {
      isHit: asked.length === 0,
      clientBytes: sum(answers.map(({ bytes }) => bytes)),
      originRequests: asked.length,
      originBytes: sum(asked.map(({ bytes }) => bytes)),
      states: answers.map(({ state }) => state),
      isMixed: new Set(answers.map(({ etag }) => etag)).size > 1,
    };
  }
}

interface AskedRange {
  /** The header; `undefined` for the whole file. */
  readonly header: string | undefined;
  /** Bytes that it asks for. */
  readonly bytes: number;
}

/** The ranges that a client asks for: never a byte twice. */
function rangesOf(
  { medium, high }: PhotoBytes,
  isHigh: boolean,
  way: CacheWay,
): AskedRange[] {
  const first = { header: `bytes=0-${medium - 1}`, bytes: medium };
  if (!isHigh) return [first];
  if (way !== "layers") return [{ header: undefined, bytes: high }];
  const rest = { header: `bytes=${medium}-`, bytes: high - medium };
  return high > medium ? [first, rest] : [first];
}

async function ask(
  url: URL,
  { header, bytes }: AskedRange,
): Promise<{ bytes: number; state: string; etag: string | null }> {
  const headers = header === undefined ? {} : { range: header };
  const response = await fetch(url, { headers });
  const { byteLength } = await response.arrayBuffer();
  if (!response.ok || byteLength !== bytes) {
    const what = header === undefined ? "" : ` for "${header}"`;
    throw new Error(
      `The cache answers ${url.pathname}${what} with status ` +
        `${response.status} and ${byteLength} bytes, not ${bytes}.`,
    );
  }
  return {
    bytes: byteLength,
    state: response.headers.get("x-cache") ?? "",
    etag: response.headers.get("etag"),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
