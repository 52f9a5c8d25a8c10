import { LruCache } from "@/edge/lru.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertEquals, assertGreater } from "@std/assert";

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

Deno.test("an LRU cache answers as a list does that is searched from its end", () => {
  const random = seededRandom(1);
  const cache = new LruCache(5000);
  const list: { id: number; bytes: number }[] = [];
  let hits = 0;
  for (let i = 0; i < 20_000; i++) {
    const id = Math.floor(200 * random() ** 2);
    const bytes = 50 + id;
    const place = list.findIndex((item) => item.id === id);
    if (place >= 0) hits++;
    assertEquals(cache.request(id, bytes), place >= 0);
    if (place >= 0) list.splice(place, 1);
    list.push({ id, bytes });
    const held = () => list.reduce((sum, item) => sum + item.bytes, 0);
    while (held() > 5000) list.shift();
    assertEquals([cache.bytes, cache.count], [held(), list.length]);
  }
  assertGreater(hits, 5000);
});
