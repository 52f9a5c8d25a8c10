import { assertEquals, assertThrows } from "@std/assert";
import { findBrowser } from "@/tasks/test_site.ts";
import { UserError } from "@/errors/user_error.ts";

Deno.test("findBrowser takes the one that is named, else a usual one", () => {
  assertEquals(findBrowser("/opt/x", (path) => path === "/opt/x"), "/opt/x");
  assertEquals(
    findBrowser("", (path) => path.endsWith("chromium")),
    "/usr/bin/chromium",
  );
});

Deno.test("findBrowser says what to install", () => {
  const message = "No browser was found: install Chromium";
  assertThrows(() => findBrowser(undefined, () => false), UserError, message);
  assertThrows(() => findBrowser("/x", () => false), UserError, '"/x"');
});
