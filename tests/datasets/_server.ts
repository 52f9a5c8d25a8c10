/**
 * A local web server that misbehaves on demand.
 *
 * @module
 */

/** What the server does to one request. */
export interface Fault {
  /** Answers with this status and no file. */
  readonly status?: number;
  /** Drops the connection after this number of bytes. */
  readonly dropAfter?: number;
  /** Sends this number of bytes and then nothing more. */
  readonly silentAfter?: number;
  /** Answers as if it had never heard of ranges. */
  readonly ignoreRange?: boolean;
  /** Does not say how long the file is. */
  readonly noLength?: boolean;
  /** Sends these bytes in place of the file. */
  readonly other?: Uint8Array;
}

/** A running server and what it was asked. */
export interface TestServer extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string;
  /** One line a request, such as `"/a.zip bytes=5- "tag""`. */
  readonly requests: string[];
}

/**
 * Serves files, with ranges and strong tags, as a good server does.
 *
 * @param files The files by name.
 * @param faults The first request gets the first, and so on; later ones none.
 */
export function serveFiles(
  files: Readonly<Record<string, Uint8Array>>,
  faults: readonly Fault[] = [],
): TestServer {
  const requests: string[] = [];
  const stop = new AbortController();
  const handler = (request: Request): Response => {
    const fault = faults[requests.length] ?? {};
    const { pathname } = new URL(request.url);
    const range = request.headers.get("range");
    const condition = request.headers.get("if-range");
    requests.push(
      [pathname, range, condition].filter((part) => part !== null).join(" "),
    );
    const file = fault.other ?? files[pathname.slice(1)];
    if (fault.status !== undefined) {
      return new Response(null, { status: fault.status });
    }
    if (file === undefined) return new Response("none", { status: 404 });
    return answer(file, range, condition, fault, stop.signal);
  };
  const server = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    signal: stop.signal,
    onListen() {},
    onError: () => new Response(null, { status: 500 }),
  }, handler);
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
    },
  };
}

/** The tag that stands for these bytes. */
export function tagOf(file: Uint8Array): string {
  return `"${file.length}-${file[0]}"`;
}

function answer(
  file: Uint8Array,
  range: string | null,
  condition: string | null,
  fault: Fault,
  stopped: AbortSignal,
): Response {
  const tag = tagOf(file);
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
  const partial = from > 0 && !fault.ignoreRange &&
    (condition === null || condition === tag);
  if (partial && from >= file.length) {
    return new Response(null, {
      status: 416,
      headers: { "content-range": `bytes */${file.length}` },
    });
  }
  const body = partial ? file.subarray(from) : file;
  const headers = new Headers({ etag: tag });
  if (!fault.noLength) headers.set("content-length", `${body.length}`);
  if (partial) {
    const last = file.length - 1;
    headers.set("content-range", `bytes ${from}-${last}/${file.length}`);
  }
  return new Response(stream(body, fault, stopped), {
    status: partial ? 206 : 200,
    headers,
  });
}

function stream(
  body: Uint8Array,
  { dropAfter, silentAfter }: Fault,
  stopped: AbortSignal,
): ReadableStream<Uint8Array> {
  const end = Math.min(dropAfter ?? silentAfter ?? body.length, body.length);
  const piece = Math.max(1, Math.ceil(end / 8));
  let sent = 0;
  return new ReadableStream({
    async pull(controller) {
      if (sent < end) {
        controller.enqueue(body.slice(sent, Math.min(end, sent + piece)));
        sent = Math.min(end, sent + piece);
      } else if (dropAfter !== undefined) {
        // The bytes before must leave first, or they are dropped as well.
        await new Promise((resolve) => setTimeout(resolve, 100));
        controller.error(new Error("dropped"));
      } else if (silentAfter !== undefined) {
        await new Promise<void>((resolve) => {
          stopped.addEventListener("abort", () => resolve(), { once: true });
        });
        controller.close();
      } else controller.close();
    },
  });
}
