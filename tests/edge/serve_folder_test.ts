import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { join } from "node:path";
import {
  filePath,
  type FolderAnswer,
  serveFolder,
} from "@/edge/serve_folder.ts";
import { UserError } from "@/errors/user_error.ts";
import { withFolder } from "../_folder.ts";
import { withServer } from "./_origin.ts";

Deno.test("serveFolder serves the files of a folder and nothing else", async () => {
  await withServer(async (folder, get) => {
    await Deno.mkdir(join(folder, "within"));
    await Deno.writeTextFile(join(folder, "index.html"), "<p>hello</p>");
    await Deno.writeTextFile(join(folder, "within", "a.txt"), "within");
    await Deno.writeTextFile(join(folder, ".secret"), "hidden");
    await Deno.symlink("within/a.txt", join(folder, "near"));
    await Deno.symlink("/etc/passwd", join(folder, "far"));
    await Deno.symlink("/etc", join(folder, "away"));
    const read = async (path: string) => {
      const response = await get(path);
      return [response.status, await response.text()] as const;
    };
    assertEquals(await read(""), [200, "<p>hello</p>"]);
    assertEquals(await read("index.html?v=1"), [200, "<p>hello</p>"]);
    assertEquals(await read("near"), [200, "within"]);
    for (
      const path of [
        "none.html",
        "/",
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e/%2e%2e/etc/passwd",
        ".secret",
        "far",
        "away/passwd",
        "within%00",
        "%ff",
      ]
    ) {
      assertEquals(await read(path), [404, "Not found\n"], path);
    }
  }, { base: "/a/b/" });
});

Deno.test("serveFolder sends the bytes that are asked for", async () => {
  await withServer(async (folder, get) => {
    await Deno.writeTextFile(join(folder, "photo.onecode"), "0123456789");
    await Deno.writeTextFile(join(folder, "empty"), "");
    const read = async (range: string, path = "photo.onecode") => {
      const { status, headers, body } = await get(path, { headers: { range } });
      const text = await new Response(body).text();
      assertEquals(headers.get("content-length"), `${text.length}`);
      return [status, text, headers.get("content-range")];
    };
    assertEquals(await read("bytes=0-3"), [206, "0123", "bytes 0-3/10"]);
    assertEquals(await read("bytes=4-99"), [206, "456789", "bytes 4-9/10"]);
    assertEquals(await read("bytes=8-"), [206, "89", "bytes 8-9/10"]);
    assertEquals(await read("bytes=-3"), [206, "789", "bytes 7-9/10"]);
    assertEquals(await read("bytes=-99"), [206, "0123456789", "bytes 0-9/10"]);
    for (
      const beyond of ["bytes=10-12", "bytes=-0", "bytes=99999999999999999-"]
    ) {
      assertEquals(await read(beyond), [416, "", "bytes */10"]);
    }
    assertEquals(await read("bytes=0-", "empty"), [416, "", "bytes */0"]);
    // What is not understood is answered with all of it, and several ranges.
    for (const odd of ["bytes=1-2,4-5", "bytes=5-2", "bytes=-", "lines=1-2"]) {
      assertEquals(await read(odd), [200, "0123456789", null]);
    }
  });
});

Deno.test("serveFolder follows conditions, so that nothing is sent twice", async () => {
  await withServer(async (folder, get) => {
    const path = join(folder, "a");
    await Deno.writeTextFile(path, "0123456789");
    await Deno.utime(path, 1e9, 1e9);
    const first = await get("a");
    await first.body?.cancel();
    const etag = first.headers.get("etag")!;
    const date = first.headers.get("last-modified")!;
    assertMatch(etag, /^"[\w-]+"$/);
    assertEquals(date, "Sun, 09 Sep 2001 01:46:40 GMT");
    const status = async (headers: Record<string, string>) => {
      const response = await get("a", { headers });
      await response.body?.cancel();
      return response.status;
    };
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
      assertEquals(await status({ "if-none-match": tag }), 304);
    }
    assertEquals(await status({ "if-modified-since": date }), 304);
    assertEquals(
      await status({ "if-none-match": '"x"', "if-modified-since": date }),
      200,
    );
    const range = "bytes=2-3";
    for (const same of [etag, date]) {
      assertEquals(await status({ range, "if-range": same }), 206);
    }
    for (const other of ['"x"', `W/${etag}`, "Sun, 09 Sep 2001 01:46:41 GMT"]) {
      assertEquals(await status({ range, "if-range": other }), 200);
    }
    await Deno.writeTextFile(path, "9876543210");
    assertEquals(await status({ range, "if-range": etag }), 200);
    assertEquals(await status({ "if-none-match": etag }), 200);
  });
});

Deno.test("serveFolder says what caches and pages elsewhere may do", async () => {
  for (const immutable of [true, false]) {
    await withServer(async (folder, get) => {
      await Deno.writeTextFile(join(folder, "a.html"), "page ".repeat(1000));
      await Deno.writeTextFile(join(folder, "a.js"), "code ".repeat(1000));
      const headers = { "accept-encoding": "gzip, br" };
      const cached = async (path: string) => {
        const response = await get(path, { headers });
        assertEquals((await response.text()).length, 5000);
        assertEquals(response.headers.get("content-encoding"), null);
        assertEquals(response.headers.get("content-length"), "5000");
        assertEquals(response.headers.get("access-control-allow-origin"), "*");
        return response.headers.get("cache-control")!;
      };
      assertEquals(await cached("a.html"), "no-cache, no-transform");
      assertEquals(/immutable/.test(await cached("a.js")), immutable);
      const asked = await get("a.js", { method: "OPTIONS" });
      assertEquals(asked.status, 204);
      assertMatch(
        asked.headers.get("access-control-allow-headers")!,
        /\bRange\b/,
      );
    }, { immutable });
  }
});

Deno.test("serveFolder redirects to folders, and only lets files be read", async () => {
  await withServer(async (folder, get) => {
    await Deno.mkdir(join(folder, "demo"));
    await Deno.writeTextFile(join(folder, "demo", "index.html"), "hello");
    const ask = async (path: string, method: string, range = "") => {
      const { status, headers, body } = await get(path, {
        method,
        headers: { range },
      });
      const text = await new Response(body).text();
      return [
        status,
        headers.get("location") ?? headers.get("content-length"),
        text,
      ];
    };
    assertEquals((await ask("demo?a=1", "GET")).slice(0, 2), [
      301,
      "/demo/?a=1",
    ]);
    assertEquals(await ask("demo/", "GET"), [200, "5", "hello"]);
    // HEAD has no ranges.
    assertEquals(await ask("demo/", "HEAD", "bytes=1-2"), [200, "5", ""]);
    for (const method of ["POST", "PUT", "DELETE"]) {
      const [status] = await ask("demo/index.html", method);
      assertEquals(status, 405);
    }
  });
});

Deno.test("serveFolder streams large files, and stops when the client does", async () => {
  const answers: FolderAnswer[] = [];
  const size = 50_000_000;
  await withServer(async (folder, get) => {
    await Deno.writeFile(join(folder, "large"), new Uint8Array(0));
    await Deno.truncate(join(folder, "large"), size);
    const whole = await get("large");
    assertEquals((await whole.arrayBuffer()).byteLength, size);
    const left = new AbortController();
    const { body } = await get("large", { signal: left.signal });
    const reader = body!.getReader();
    await reader.read();
    left.abort();
    await assertRejects(() => reader.read());
    while (answers.length < 2) {
      await new Promise((done) => setTimeout(done, 10));
    }
  }, { onAnswer: (answer) => answers.push(answer) });
  assertEquals(answers[0], {
    method: "GET",
    path: "/large",
    range: null,
    status: 200,
    bytes: size,
  });
  assert(answers[1]!.bytes < size);
});

Deno.test("serveFolder says in a sentence why it cannot serve", async () => {
  await withFolder(async (folder) => {
    assertThrows(
      () => serveFolder(join(folder, "none"), { port: 0 }),
      UserError,
      "There is no folder",
    );
    const server = serveFolder(folder, { port: 0 });
    const port = Number(new URL(server.address).port);
    assertThrows(
      () => serveFolder(folder, { port }),
      UserError,
      `Port ${port} is taken`,
    );
    await server.close();
    assertThrows(
      () => serveFolder(folder, { port: 0, host: "192.0.2.1" }),
      UserError,
      'Cannot listen on "192.0.2.1:0"',
    );
  });
});

Deno.test("filePath keeps to the folder", () => {
  assertEquals(filePath("/a/b/c.css", "/a/"), "b/c.css");
  assertEquals(filePath("/a/b/", "/a/"), "b/index.html");
  for (
    const path of ["/b", "/a/../x", "/a/%2e%2e/x", "/a/%5c..", "/a/%", "/a/.x"]
  ) {
    assertEquals(filePath(path, "/a/"), undefined);
  }
});
