/** Parts of a file from servers of several kinds. */
import { FetchError } from "@/web/fetch_file.ts";
import { openRanges } from "@/web/clips/open_ranges.ts";
import { assertEquals, assertRejects } from "@std/assert";

const file = Uint8Array.from({ length: 100 }, (_, i) => i);

/** A server with ranges; `etag` and the file may change. */
function server(state: { bytes: Uint8Array<ArrayBuffer>; etag?: string }) {
  const asked: string[] = [];
  const get = (_: string | URL, init: RequestInit) => {
    const { range } = init.headers as Record<string, string>;
    asked.push(range!);
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range!)!;
    const { bytes, etag } = state;
    if (Number(from) >= bytes.length) {
      return Promise.resolve(new Response(null, { status: 416 }));
    }
    return Promise.resolve(
      new Response(bytes.slice(Number(from), Number(to) + 1), {
        status: 206,
        headers: {
          "content-range": `bytes ${from}-${to}/${bytes.length}`,
          ...etag !== undefined && { etag },
        },
      }),
    );
  };
  return { get, asked };
}

Deno.test("parts are read in any order, and counted", async () => {
  const { get, asked } = server({ bytes: file });
  const { read, received } = openRanges("clip", get);
  assertEquals(await read(40, 50), file.slice(40, 50));
  assertEquals(await read(0, 4), file.slice(0, 4));
  assertEquals(await read(95, 120), file.slice(95));
  assertEquals(await read(200, 210), new Uint8Array(0));
  assertEquals(asked, [
    ...["bytes=40-49", "bytes=0-3", "bytes=95-119", "bytes=200-209"],
  ]);
  assertEquals(received(), 19);
});

Deno.test("a server without ranges is asked once", async () => {
  let asked = 0;
  const { read } = openRanges("clip", () => {
    asked++;
    return Promise.resolve(new Response(file));
  });
  assertEquals(await read(40, 50), file.slice(40, 50));
  assertEquals(await read(95, 120), file.slice(95));
  assertEquals(asked, 1);
});

Deno.test("a file that changes is refused", async () => {
  for (
    const change of [{ etag: "b" }, { bytes: file.slice(0, 90), etag: "a" }]
  ) {
    const state = { bytes: file, etag: "a" };
    const { get } = server(state);
    const { read } = openRanges("clip", get);
    await read(0, 4);
    Object.assign(state, change);
    await assertRejects(
      async () => await read(4, 8),
      FetchError,
      "The file has changed on the server: load the page again.",
    );
  }
});

Deno.test("errors of the server and of the network are told", async () => {
  const { read } = openRanges(
    "clip",
    () => Promise.resolve(new Response(null, { status: 503 })),
  );
  await assertRejects(
    async () => await read(0, 4),
    FetchError,
    'The server answers 503 for "clip".',
  );
  const offline = openRanges(
    "clip",
    () => Promise.reject(new TypeError("off")),
  );
  await assertRejects(
    async () => await offline.read(0, 4),
    FetchError,
    "The server cannot be reached: off.",
  );
});
