/**
 * A file from a server in parts: its first bytes by a range request, the rest
 * when it is needed. No byte is asked for twice, unless the file changes in
 * between:
 *
 *     bytes=0-(k-1)     206  the first bytes
 *     bytes=k-(n-1)     206  the rest, or a part of a file that has changed
 *                       200  all of it: the file has changed
 *                       416  there is no rest
 *
 * Versions are told apart by what comes with the answer, `ETag` and size. There
 * is no `If-Range`: browsers do not answer a request that has one from their
 * cache, nor keep what it brings, and add it themselves where they have a part.
 * Where the size n is known, the rest ends with it, as Chromium has it once the
 * first bytes are in its cache; so all browsers ask for the same range, and a
 * cache on the way keeps it once.
 *
 * A server without range requests sends the whole file at once; then whoever
 * waits for its first bytes gets them before the rest is there.
 *
 * @module
 */

/** A file whose beginning has been received. */
export interface PartialFile {
  /** Number of bytes that were received so far, those of older versions too. */
  readonly received: () => number;
  /** How often the file has changed since it was opened. */
  readonly changes: () => number;
  /**
   * Reads the first bytes, fewer if the file is shorter; `Infinity` for all. If
   * the server has to be asked, it is asked for `upTo` bytes. It rejects with a
   * {@linkcode FetchError} if the server does not send them.
   */
  readonly first: (
    length: number,
    upTo?: number,
  ) => Promise<Uint8Array<ArrayBuffer>>;
  /** Stops receiving. */
  readonly close: () => void;
}

/** Thrown if a server does not send what it should. */
export class FetchError extends Error {
  /** The class, for stack traces. */
  override name = "FetchError";
}

/**
 * Checks that a server answered with what was asked for.
 *
 * @param response The answer.
 * @param what What was asked for, for the message.
 * @throws {FetchError} If the answer is an error.
 */
export function checkAnswer(response: Response, what: string): void {
  if (response.ok) return;
  throw new FetchError(`The server answers ${response.status} for ${what}.`);
}

/** Fetches as `fetch` does. */
export type Get = (url: string | URL, init: RequestInit) => Promise<Response>;

/** After so many changes the whole file is asked for. */
const MOST_CHANGES = 3;

/**
 * Opens a file without asking the server yet.
 *
 * @param url Its address.
 * @param get Fetches it; `fetch` by default.
 * @returns The file.
 */
export function openFile(url: string | URL, get?: Get): PartialFile {
  // Browsers refuse to call fetch as a method.
  return new ServedFile(url, get ?? ((url, init) => fetch(url, init)));
}

class ServedFile implements PartialFile {
  readonly #url: string | URL;
  readonly #get: Get;
  readonly #closed = new AbortController();
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #isWhole = false;
  #knowsRanges = true;
  #received = 0;
  #changes = 0;
  /** What tells versions of the file apart, as far as the server says. */
  #etag: string | null = null;
  #total: string | undefined;
  /** Ends with the answer that is being read. */
  #reading: Promise<void> | undefined;
  /** Resolves with the next bytes. */
  #more = Promise.withResolvers<void>();

  constructor(url: string | URL, get: Get) {
    this.#url = url;
    this.#get = get;
  }

  readonly received = (): number => this.#received;
  readonly changes = (): number => this.#changes;
  readonly close = (): void => this.#closed.abort();

  readonly first = async (
    length: number,
    upTo = length,
  ): Promise<Uint8Array<ArrayBuffer>> => {
    while (this.#bytes.length < length && !this.#isWhole) {
      if (this.#reading === undefined) {
        const reading = this.#read(Math.max(length, upTo));
        this.#reading = reading.finally(() => this.#reading = undefined);
        // Those who wait are told; perhaps nobody does.
        this.#reading.catch(() => {});
      }
      await Promise.race([this.#reading, this.#more.promise]);
    }
    return this.#bytes.slice(0, length);
  };

  /** Asks for the bytes before `end` that are missing, and reads the answer. */
  async #read(end: number): Promise<void> {
    const start = this.#bytes.length;
    const response = await this.#ask(start, end);
    if (response.status === 416) {
      await response.body?.cancel();
      this.#endAt(start, response);
      return;
    }
    checkAnswer(response, `"${this.#url}"`);
    const isPart = response.status === 206;
    const isOther = start > 0 && (!isPart || this.#isOther(response));
    if (isOther) this.#startAnew();
    if (isOther && isPart) {
      await response.body?.cancel();
      return;
    }
    this.#etag = response.headers.get("etag");
    this.#total = totalOf(response) ?? this.#total;
    if (response.body !== null) {
      for await (const chunk of chunksOf(response.body)) this.#add(chunk);
    }
    this.#isWhole = !isPart || this.#bytes.length < end;
  }

  async #ask(start: number, end: number): Promise<Response> {
    const headers: Record<string, string> = {};
    if (this.#knowsRanges) {
      const stop = end === Infinity ? Number(this.#total ?? NaN) : end;
      headers["range"] = `bytes=${start}-${stop > start ? stop - 1 : ""}`;
    }
    return await this.#get(this.#url, {
      headers,
      signal: this.#closed.signal,
    });
  }

  /** The file ends where it was read to; or it has changed. */
  #endAt(start: number, response: Response): void {
    const total = totalOf(response);
    const isEnd = start > 0 && (total === undefined || total === `${start}`);
    if (isEnd) this.#isWhole = true;
    else if (start > 0) this.#startAnew();
    else if (this.#knowsRanges) this.#knowsRanges = false;
    else checkAnswer(response, `"${this.#url}"`);
  }

  /** Whether a part is of another version of the file than those before. */
  #isOther(response: Response): boolean {
    const etag = response.headers.get("etag");
    const isOtherTag = etag !== null && this.#etag !== null &&
      etag !== this.#etag;
    const total = totalOf(response);
    return isOtherTag || (total !== undefined && this.#total !== undefined &&
      total !== this.#total);
  }

  #startAnew(): void {
    this.#bytes = new Uint8Array(0);
    this.#changes++;
    this.#etag = null;
    this.#total = undefined;
    if (this.#changes >= MOST_CHANGES) this.#knowsRanges = false;
  }

  #add(more: Uint8Array): void {
    const both = new Uint8Array(this.#bytes.length + more.length);
    both.set(this.#bytes);
    both.set(more, this.#bytes.length);
    this.#bytes = both;
    this.#received += more.length;
    const { resolve } = this.#more;
    this.#more = Promise.withResolvers();
    resolve();
  }
}

/** The chunks of a stream, which not all browsers can iterate over. */
async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}

/**
 * Tells the size of the whole file, if the server says it.
 *
 * @param response An answer with a part of the file.
 * @returns Bytes, in digits.
 */
export function totalOf(response: Response): string | undefined {
  return /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
}

/**
 * Makes a file of bytes that need not be fetched.
 *
 * @param bytes The whole file.
 * @returns The file.
 */
export function openBytes(bytes: Uint8Array<ArrayBuffer>): PartialFile {
  let received = 0;
  return {
    received: () => received,
    changes: () => 0,
    first: (length) => {
      received = Math.max(received, Math.min(length, bytes.length));
      return Promise.resolve(bytes.slice(0, length));
    },
    close: () => {},
  };
}
