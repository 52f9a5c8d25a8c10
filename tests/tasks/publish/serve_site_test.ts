import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { filePath, serveSite } from "@/tasks/publish/serve_site.ts";
import { UserError } from "@/tasks/user_error.ts";
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

Deno.test("filePath keeps to the site", () => {
  assertEquals(filePath("/a/b/c.css", "/a/"), "b/c.css");
  assertEquals(filePath("/a/b/", "/a/"), "b/index.html");
  for (const path of ["/b", "/a/../x", "/a/%2e%2e/x", "/a/%5c..", "/a/%"]) {
    assertEquals(filePath(path, "/a/"), undefined);
  }
});
