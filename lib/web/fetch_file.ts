/**
 * A file from a server in parts: the first bytes by a range request, the rest
 * when it is needed. A server without range requests sends the whole file; then
 * its first bytes are read and the rest stays in the stream.
 *
 * @module
 */

/** A file whose beginning has been received. */
export interface PartialFile {
  /** Number of bytes that were received so far. */
  readonly received: () => number;
  /**
   * Reads the first bytes, fewer if the file is shorter. It rejects with a
   * {@linkcode FetchError} if the server does not send them.
   */
  readonly first: (length: number) => Promise<Uint8Array<ArrayBuffer>>;
  /** Stops receiving. */
  readonly close: () => Promise<void>;
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

/**
 * Opens a file without asking the server yet.
 *
 * @param url Its address.
 * @param get Fetches it; `fetch` by default.
 * @returns The file.
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
    if (response.status === 416) { // the file ends before the range
      isWhole = true;
      return;
    }
    checkAnswer(response, `"${url}"`);
    if (response.status === 206) {
      add(new Uint8Array(await response.arrayBuffer()));
      isWhole = bytes.length < length;
      return;
    }
    // The whole file, from its start.
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
    first: (length) => {
      received = Math.max(received, Math.min(length, bytes.length));
      return Promise.resolve(bytes.slice(0, length));
    },
    close: () => Promise.resolve(),
  };
}
