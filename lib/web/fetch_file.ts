/**
 * A file from a server, in parts: the first bytes by a range request, the rest
 * when it is wanted. A server that knows no ranges sends the whole file; then
 * its first bytes are read and the rest is left in the stream.
 *
 * @module
 */

/** A file of which some bytes are there. */
export interface PartialFile {
  /** How many bytes were received so far. */
  readonly received: () => number;
  /**
   * The first bytes.
   *
   * @param length How many; fewer come back if the file is shorter.
   * @throws {FetchError} In a sentence, when the server does not send them.
   */
  readonly first: (length: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** Leaves the rest where it is. */
  readonly close: () => Promise<void>;
}

/** Thrown when a server does not send what it should. */
export class FetchError extends Error {
  /** The class, for stack traces. */
  override name = "FetchError";
}

/** @throws {FetchError} When a server refuses. */
export function checkAnswer(response: Response, what: string): void {
  if (response.ok) return;
  throw new FetchError(`The server answers ${response.status} for ${what}.`);
}

/**
 * Opens a file; nothing is asked of the server yet.
 *
 * @param url Where it lies.
 * @param get How it is fetched; `fetch` when left out.
 */
export function openFile(
  url: string | URL,
  get: (url: string | URL, init: RequestInit) => Promise<Response> = fetch,
): PartialFile {
  let bytes = new Uint8Array(0);
  let isWhole = false;
  let stream: ReadableStreamDefaultReader<Uint8Array> | undefined;
  const add = (more: Uint8Array) => {
    const both = new Uint8Array(bytes.length + more.length);
    both.set(bytes);
    both.set(more, bytes.length);
    bytes = both;
  };
  const readStream = async (length: number) => {
    while (bytes.length < length && !isWhole) {
      const { value, done } = await stream!.read();
      if (done) isWhole = true;
      else add(value);
    }
  };
  const ask = async (length: number) => {
    const start = bytes.length;
    const range = `bytes=${start}-${length - 1}`;
    const response = await get(url, { headers: { range } });
    if (response.status === 416) { // nothing lies there any more
      isWhole = true;
      return;
    }
    checkAnswer(response, `"${url}"`);
    if (response.status === 206) {
      add(new Uint8Array(await response.arrayBuffer()));
      isWhole = bytes.length < length;
      return;
    }
    // All of it, from the start.
    bytes = new Uint8Array(0);
    stream = response.body!.getReader();
    await readStream(length);
  };
  return {
    received: () => bytes.length,
    first: async (length) => {
      if (bytes.length < length && !isWhole) {
        await (stream === undefined ? ask(length) : readStream(length));
      }
      return bytes.slice(0, length);
    },
    close: async () => await stream?.cancel(),
  };
}

/** Bytes that are at hand, as if they were fetched. */
export function openBytes(bytes: Uint8Array<ArrayBuffer>): PartialFile {
  let received = 0;
  return {
    received: () => received,
    first: (length) => {
      received = Math.max(received, Math.min(length, bytes.length));
      return Promise.resolve(bytes.slice(0, length));
    },
    close: () => Promise.resolve(),
  };
}
