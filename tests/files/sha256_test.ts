import { fingerprint } from "@/files/sha256.ts";
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";

Deno.test("a fingerprint changes with anything in a value", () => {
  const first = fingerprint([{ a: 1, b: [2] }, "x"]);
  assertMatch(first, /^[0-9a-f]{64}$/);
  assertEquals(fingerprint([{ a: 1, b: [2] }, "x"]), first);
  assertNotEquals(fingerprint([{ a: 1, b: [3] }, "x"]), first);
  assertNotEquals(fingerprint([{ a: 1, b: [2] }, "y"]), first);
});
