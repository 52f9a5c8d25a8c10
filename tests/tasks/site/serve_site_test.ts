import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { filePath, serveSite } from "@/tasks/site/serve_site.ts";
import { UserError } from "@/errors/user_error.ts";
import { withFolder } from "../../_folder.ts";

Deno.test("serveSite serves the files of a site and nothing else", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "index.html"), "<p>hello</p>");
    const server = serveSite(folder, 0, "/a/b/");
    try {
      const get = async (path: string) => {
        const response = await fetch(new URL(path, server.address));
        return [response.status, await response.text()] as const;
      };
      assertEquals(await get(""), [200, "<p>hello</p>"]);
      assertEquals(await get("index.html?v=1"), [200, "<p>hello</p>"]);
      for (const path of ["none.html", "/", "..%2f..%2fetc%2fpasswd"]) {
        assertEquals(await get(path), [404, "Not found\n"]);
      }
      const port = Number(new URL(server.address).port);
      assertThrows(
        () => serveSite(folder, port),
        UserError,
        `Port ${port} is taken`,
      );
    } finally {
      await server.close();
    }
  });
});

Deno.test("serveSite sends the bytes that are asked for", async () => {
  await withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "photo.onecode"), "0123456789");
    const server = serveSite(folder, 0);
    try {
      const get = async (range: string) => {
        const response = await fetch(server.address + "photo.onecode", {
          headers: { range },
        });
        const { status, headers } = response;
        return [status, await response.text(), headers.get("content-range")];
      };
      assertEquals(await get("bytes=0-3"), [206, "0123", "bytes 0-3/10"]);
      assertEquals(await get("bytes=4-99"), [206, "456789", "bytes 4-9/10"]);
      assertEquals(await get("bytes=8-"), [206, "89", "bytes 8-9/10"]);
      assertEquals(await get("bytes=10-12"), [416, "", "bytes */10"]);
      // What is not understood is answered with all of it.
      assertEquals(await get("bytes=1-2,4-5"), [200, "0123456789", null]);
      assertEquals(await get("bytes=5-2"), [200, "0123456789", null]);
    } finally {
      await server.close();
    }
  });
});

Deno.test("filePath keeps to the site", () => {
  assertEquals(filePath("/a/b/c.css", "/a/"), "b/c.css");
  assertEquals(filePath("/a/b/", "/a/"), "b/index.html");
  for (const path of ["/b", "/a/../x", "/a/%2e%2e/x", "/a/%5c..", "/a/%"]) {
    assertEquals(filePath(path, "/a/"), undefined);
  }
});

Deno.test("serveSite redirects to folders, and only lets files be read", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "demo"));
    await Deno.writeTextFile(join(folder, "demo", "index.html"), "hello");
    const server = serveSite(folder, 0);
    try {
      const ask = async (path: string, method: string) => {
        const response = await fetch(new URL(path, server.address), {
          method,
          redirect: "manual",
        });
        const { status, headers } = response;
        return [status, headers.get("location"), await response.text()];
      };
      assertEquals(await ask("demo?a=1", "GET"), [301, "/demo/?a=1", ""]);
      assertEquals(await ask("demo/", "GET"), [200, null, "hello"]);
      assertEquals(await ask("demo/", "HEAD"), [200, null, ""]);
      for (const method of ["POST", "PUT", "DELETE"]) {
        const [status] = await ask("demo/index.html", method);
        assertEquals(status, 405);
      }
    } finally {
      await server.close();
    }
  });
});
