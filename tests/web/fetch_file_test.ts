/** Parts of a file from servers that know ranges, and from others. */
import { FetchError, openBytes, openFile } from "@/web/fetch_file.ts";
import { assertEquals, assertRejects } from "@std/assert";

const content = Uint8Array.from({ length: 100 }, (_, i) => i);

function server(knowsRanges: boolean, asked: string[]) {
  return (_: string | URL, { headers }: RequestInit): Promise<Response> => {
    const { range } = headers as { range: string };
    asked.push(range);
    const [start, last] = range.slice("bytes=".length).split("-").map(Number);
    if (!knowsRanges) {
      const pieces = [0, 30, 60, 90].map((at) => content.slice(at, at + 30));
      return Promise.resolve(new Response(ReadableStream.from(pieces)));
    }
    if (start! >= content.length) {
      return Promise.resolve(new Response(null, { status: 416 }));
    }
    const part = content.slice(start, last! + 1);
    return Promise.resolve(new Response(part, { status: 206 }));
  };
}

Deno.test("only the bytes that are wanted are asked for", async () => {
  const asked: string[] = [];
  const file = openFile("photo.onecode", server(true, asked));
  assertEquals(await file.first(10), content.slice(0, 10));
  assertEquals(await file.first(4), content.slice(0, 4));
  assertEquals(file.received(), 10);
  assertEquals(await file.first(60), content.slice(0, 60));
  assertEquals(asked, ["bytes=0-9", "bytes=10-59"]);
  // It ends before; that is known from then on.
  assertEquals(await file.first(200), content);
  assertEquals(await file.first(300), content);
  assertEquals(asked.length, 3);
  await file.close();
});

Deno.test("a file that ends where it was read to is whole", async () => {
  const asked: string[] = [];
  const file = openFile("photo.onecode", server(true, asked));
  assertEquals(await file.first(100), content);
  assertEquals(await file.first(120), content);
  assertEquals(asked, ["bytes=0-99", "bytes=100-119"]);
});

Deno.test("a server without ranges is read as far as needed", async () => {
  const asked: string[] = [];
  const file = openFile("photo.onecode", server(false, asked));
  assertEquals(await file.first(10), content.slice(0, 10));
  assertEquals(file.received(), 30);
  assertEquals(await file.first(61), content.slice(0, 61));
  assertEquals(asked.length, 1);
  assertEquals(await file.first(1000), content);
  assertEquals(file.received(), 100);
  await file.close();
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
