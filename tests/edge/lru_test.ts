import { LruCache } from "@/edge/lru.ts";
import { assertEquals } from "@std/assert";

Deno.test("an LRU cache forgets what was asked for least recently", () => {
  const cache = new LruCache(100);
  const ask = (...ids: number[]) => ids.map((id) => cache.request(id, 40));
  assertEquals(ask(1, 2, 1, 3), [false, false, true, false]); // 2 went
  assertEquals(ask(1, 3, 2, 1), [true, true, false, false]); // 1 went, then 3
  assertEquals([cache.bytes, cache.count], [80, 2]);
});

Deno.test("an LRU cache keeps nothing that is larger than itself", () => {
  const cache = new LruCache(100);
  cache.request(1, 60);
  assertEquals([cache.request(2, 101), cache.request(2, 101)], [false, false]);
  // What was there stays.
  assertEquals(cache.request(1, 60), true);
  assertEquals(cache.request(3, 100), false);
  assertEquals([cache.request(3, 100), cache.count], [true, 1]);
});
