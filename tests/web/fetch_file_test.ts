/** Parts of a file from servers that know ranges, and from others. */
import { FetchError, openBytes, openFile } from "@/web/fetch_file.ts";
import { fetchStage } from "@/web/fetch_stage.ts";
import { writeContainer } from "@/codec/mod.ts";
import { assertEquals, assertRejects } from "@std/assert";

const content = Uint8Array.from({ length: 100 }, (_, i) => i);

/** A server of one file, which can be replaced. */
class FileServer {
  readonly ranges: (string | undefined)[] = [];
  bytes: Uint8Array<ArrayBuffer> = content;
  etag: string | undefined = '"a"';
  /**
   * Whether a browser's cache stands before it, which asks for the rest of what
   * it has (`If-Range`), so that a file that has changed comes whole.
   */
  isCached = true;
  #first: string | undefined;

  readonly get = (
    _: string | URL,
    { headers }: RequestInit,
  ): Promise<Response> => {
    const { range, ...others } = headers as Record<string, string>;
    assertEquals(others, {}); // others would go past the browser's cache
    this.ranges.push(range);
    const etag: HeadersInit = this.etag === undefined
      ? {}
      : { etag: this.etag };
    if (range?.startsWith("bytes=0-")) this.#first = this.etag;
    const isOther = this.isCached && this.etag !== this.#first;
    if (range === undefined || isOther) {
      return Promise.resolve(new Response(this.bytes, { headers: etag }));
    }
    const [start, last] = range.slice("bytes=".length).split("-");
    const total = this.bytes.length;
    if (Number(start) >= total) {
      const headers = { ...etag, "content-range": `bytes */${total}` };
      return Promise.resolve(new Response(null, { status: 416, headers }));
    }
    const end = last === "" ? total : Math.min(total, Number(last) + 1);
    const part = this.bytes.slice(Number(start), end);
    const place = `bytes ${start}-${end - 1}/${total}`;
    return Promise.resolve(
      new Response(part, {
        status: 206,
        headers: { ...etag, "content-range": place },
      }),
    );
  };
}

Deno.test("only the bytes that are wanted are asked for, and none twice", async () => {
  const server = new FileServer();
  const file = openFile("photo.onecode", server.get);
  assertEquals(await file.first(10), content.slice(0, 10));
  assertEquals(await file.first(4), content.slice(0, 4));
  assertEquals(file.received(), 10);
  assertEquals(await file.first(60), content.slice(0, 60));
  assertEquals(await file.first(Infinity), content);
  assertEquals(await file.first(300), content);
  assertEquals(server.ranges, ["bytes=0-9", "bytes=10-59", "bytes=60-99"]);
  assertEquals([file.received(), file.changes()], [100, 0]);
});

Deno.test("bytes that are asked for ahead are not waited for", async () => {
  const ends = Promise.withResolvers<void>();
  const ranges: string[] = [];
  const file = openFile("photo.onecode", (_, { headers }) => {
    ranges.push((headers as { range: string }).range);
    const stream = new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(content.slice(0, 20));
        await ends.promise;
        controller.enqueue(content.slice(20, 50));
        controller.close();
      },
    });
    return Promise.resolve(new Response(stream, { status: 206 }));
  });
  assertEquals(await file.first(10, 50), content.slice(0, 10));
  assertEquals(file.received(), 20);
  ends.resolve();
  assertEquals(await file.first(50), content.slice(0, 50));
  assertEquals(ranges, ["bytes=0-49"]);
});

Deno.test("a file that ends where it was read to is whole", async () => {
  const server = new FileServer();
  const file = openFile("photo.onecode", server.get);
  assertEquals(await file.first(100), content);
  assertEquals(await file.first(120), content);
  assertEquals(server.ranges, ["bytes=0-99", "bytes=100-119"]);
  assertEquals(file.changes(), 0);
});

Deno.test("a server without ranges is asked once", async () => {
  const asked: unknown[] = [];
  const ends = Promise.withResolvers<void>();
  const file = openFile("photo.onecode", (_, { headers }) => {
    asked.push(headers);
    return Promise.resolve(
      new Response(ReadableStream.from((async function* () {
        yield content.slice(0, 30);
        await ends.promise;
        yield content.slice(30);
      })())),
    );
  });
  assertEquals(await file.first(10), content.slice(0, 10));
  ends.resolve();
  assertEquals(await file.first(61), content.slice(0, 61));
  assertEquals(await file.first(1000), content);
  assertEquals([asked.length, file.received()], [1, 100]);
});

Deno.test("a server that refuses all ranges is asked without one", async () => {
  const ranges: unknown[] = [];
  const file = openFile("photo.onecode", (_, { headers }) => {
    const { range } = headers as { range?: string };
    ranges.push(range);
    const status = range === undefined ? 200 : 416;
    const body = status === 200 ? content : null;
    return Promise.resolve(new Response(body, { status }));
  });
  assertEquals(await file.first(10), content.slice(0, 10));
  assertEquals(ranges, ["bytes=0-9", undefined]);
});

Deno.test("of a file that changes, all bytes are of the new version", async () => {
  const other = Uint8Array.from({ length: 90 }, (_, i) => 200 - i);
  for (const isCached of [true, false]) {
    for (const etag of ['"b"', undefined]) {
      const server = new FileServer();
      server.isCached = isCached;
      const file = openFile("photo.onecode", server.get);
      await file.first(20);
      server.bytes = other;
      server.etag = etag;
      assertEquals(await file.first(40), other.slice(0, 40));
      assertEquals(await file.first(Infinity), other);
      assertEquals(file.changes(), 1);
    }
  }
  // Now it is shorter than what is known of it.
  const server = new FileServer();
  server.etag = undefined;
  const file = openFile("photo.onecode", server.get);
  await file.first(95);
  server.bytes = other;
  assertEquals(await file.first(Infinity), other);
  assertEquals(file.changes(), 1);
});

Deno.test("a file that changes all the time is taken whole", async () => {
  const server = new FileServer();
  server.isCached = false;
  const file = openFile("photo.onecode", (url, init) => {
    server.etag = `"${server.ranges.length}"`;
    return server.get(url, init);
  });
  for (let length = 10; length <= 60; length += 10) await file.first(length);
  assertEquals(await file.first(100), content);
  assertEquals(server.ranges.at(-1), undefined);
  assertEquals(file.changes(), 3);
});

Deno.test("a connection that breaks is told, and continued where it broke", async () => {
  const server = new FileServer();
  let isBroken = true;
  const file = openFile("photo.onecode", async (url, init) => {
    const response = await server.get(url, init);
    if (!isBroken) return response;
    isBroken = false;
    const stream = ReadableStream.from((async function* () {
      yield content.slice(0, 25);
      await Promise.resolve();
      throw new TypeError("network error");
    })());
    return new Response(stream, { status: 206 });
  });
  await assertRejects(() => file.first(50), TypeError, "network error");
  const got = file.received();
  assertEquals(await file.first(50), content.slice(0, 50));
  assertEquals(server.ranges, ["bytes=0-49", `bytes=${got}-49`]);
});

Deno.test("an answer that is an error is told in a sentence", async () => {
  const file = openFile(
    "photo.onecode",
    () => Promise.resolve(new Response("", { status: 404 })),
  );
  const error = await assertRejects(() => file.first(1), FetchError);
  assertEquals(error.message, 'The server answers 404 for "photo.onecode".');
});

Deno.test("bytes at hand count as received when they are read", async () => {
  const file = openBytes(content);
  assertEquals(await file.first(30), content.slice(0, 30));
  assertEquals(file.received(), 30);
  assertEquals(await file.first(130), content);
  assertEquals(file.received(), 100);
});

const photo = writeContainer({
  ...{ model: new Uint8Array(8), width: 640, height: 480 },
  ...{ quality: 50, coarseness: 1, effort: 0 },
  layers: [new Uint8Array(300), new Uint8Array(2000), new Uint8Array(4000)],
});

Deno.test("a page that knows the prefixes makes two requests", async () => {
  const server = new FileServer();
  server.bytes = photo;
  const { header } = await fetchStage(openBytes(photo), "thumbnail");
  const { thumbnailBytes, mediumBytes } = header;
  const file = openFile("photo.onecode", server.get);
  const prefixes = [thumbnailBytes, mediumBytes] as const;
  const fetched: number[] = [];
  for (const stage of ["thumbnail", "medium", "high"] as const) {
    fetched.push((await fetchStage(file, stage, prefixes)).bytes.length);
  }
  assertEquals(fetched, [...prefixes, photo.length]);
  assertEquals(server.ranges, [
    `bytes=0-${mediumBytes - 1}`,
    `bytes=${mediumBytes}-${photo.length - 1}`,
  ]);
  // Wrong ones cost requests, but are no error.
  const wrong = openFile("photo.onecode", server.get);
  const { bytes } = await fetchStage(wrong, "medium", [3, 40]);
  assertEquals(bytes, photo.slice(0, mediumBytes));
});

Deno.test("a page that does not know them learns them from the first bytes", async () => {
  const server = new FileServer();
  server.bytes = photo;
  const file = openFile("photo.onecode", server.get);
  const { bytes } = await fetchStage(file, "high");
  assertEquals(bytes, photo);
  assertEquals(
    server.ranges,
    ["bytes=0-1023", `bytes=1024-${photo.length - 1}`]
      .slice(0, photo.length > 1024 ? 2 : 1),
  );
});
