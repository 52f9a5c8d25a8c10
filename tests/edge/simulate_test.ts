import { LruCache } from "@/edge/lru.ts";
import { type CacheForm, photoParts } from "@/edge/objects.ts";
import {
  libCacheSimPython,
  POLICIES,
  type PolicyName,
  startPolicy,
} from "@/edge/policies.ts";
import { simulateEdge } from "@/edge/simulate.ts";
import { syntheticTrace } from "@/edge/synthetic_trace.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { needsPython } from "../_notebooks.ts";
import { traceOf } from "./_counts.ts";

const pool = [{ medium: 3000, high: 10_000 }, { medium: 5000, high: 5000 }];
const usual = { pool, sliceBytes: 4096, overheadBytes: 0 };

Deno.test("a request needs the parts of its size", () => {
  const [photo] = pool;
  const bytes = (form: CacheForm) => {
    const { medium, high } = photoParts(form, photo!, 4096);
    return [medium, high].map((parts) =>
      parts.map(({ part, bytes }) => `${part}:${bytes}`).join(" ")
    );
  };
  assertEquals(bytes("files"), ["0:3000", "1:10000"]);
  assertEquals(bytes("resized"), ["0:10000", "0:10000"]);
  assertEquals(bytes("whole"), ["0:10000", "0:10000"]);
  assertEquals(bytes("layers"), ["0:3000", "0:3000 1:7000"]);
  assertEquals(bytes("slices"), ["0:4096", "0:4096 1:4096 2:1808"]);
  assertEquals(photoParts("layers", pool[1]!, 4096).high.length, 1);
  assertThrows(() => photoParts("slices", photo!, 0), RangeError, "sliceBytes");
});

Deno.test("hits and bytes of each form are those counted by hand", async () => {
  const trace = "0m 0h 0m 1h 1m";
  const run = async (form: CacheForm) => {
    const simulation = { ...usual, form };
    const cache = new LruCache(1e9);
    const counts = await simulateEdge(traceOf(trace), cache, simulation);
    const { requests, mediums, clientBytes } = counts;
    assertEquals([requests, mediums, clientBytes], [5, 3, 26_000]);
    return [counts.hits, counts.originRequests, counts.originBytes];
  };
  assertEquals(await run("files"), [1, 4, 23_000]);
  assertEquals(await run("resized"), [3, 2, 15_000]);
  assertEquals(await run("whole"), [3, 2, 15_000]);
  assertEquals(await run("layers"), [2, 3, 15_000]);
  assertEquals(await run("slices"), [2, 5, 15_000]);
});

Deno.test("requests of the warm-up fill the cache and are not counted", async () => {
  const simulation = { ...usual, form: "layers", warmUp: 2 } as const;
  const counts = await simulateEdge(
    traceOf("0h 1h 0h 1m"),
    new LruCache(1e9),
    simulation,
  );
  assertEquals(counts, {
    requests: 2,
    hits: 2,
    mediums: 1,
    clientBytes: 15_000,
    originRequests: 0,
    originBytes: 0,
  });
});

Deno.test("a cache that is smaller than an object never holds it", async () => {
  const simulation = { ...usual, form: "whole" } as const;
  const trace = traceOf("0m 0m 1m 1m");
  const counts = await simulateEdge(trace, new LruCache(6000), simulation);
  assertEquals([counts.hits, counts.originBytes], [1, 25_000]);
});

Deno.test("a simulation can be stopped, and needs photos", async () => {
  const simulation = { ...usual, form: "files" } as const;
  const cache = new LruCache(1e6);
  const signal = AbortSignal.abort(new Error("Enough."));
  await assertRejects(
    () => simulateEdge(traceOf("0m"), cache, simulation, { signal }),
    Error,
    "Enough.",
  );
  await assertRejects(
    () => simulateEdge(traceOf("0m"), cache, { ...simulation, pool: [] }),
    RangeError,
    "pool",
  );
});

Deno.test(
  "libCacheSim's LRU answers as ours does, and its other policies better",
  needsPython,
  async () => {
    const python = await libCacheSimPython(PROJECT_ROOT, () => {});
    const trace = () =>
      syntheticTrace({
        photos: 3000,
        requests: 70_000,
        exponent: 0.8,
        mediumShare: 0.6,
        together: "independent",
        seed: 3,
      });
    const capacity = 2e6;
    const simulation = {
      ...usual,
      form: "layers",
      overheadBytes: 600,
    } as const;
    const own = await simulateEdge(trace(), new LruCache(capacity), simulation);
    assertGreater(own.hits, 0);
    for (const name of Object.keys(POLICIES) as PolicyName[]) {
      await using cache = startPolicy(python, name, capacity);
      const counts = await simulateEdge(trace(), cache, simulation);
      if (name === "LRU") assertEquals(counts, own);
      else assertGreater(counts.hits, own.hits, name);
      assertEquals(counts.clientBytes, own.clientBytes);
      assertLess(counts.hits, counts.requests);
    }
    // Request by request, not only in sum.
    const random = seededRandom(4);
    const ids = Float64Array.from({ length: 20_000 }, () => {
      return Math.floor(2000 * random() ** 2);
    });
    const bytes = Uint32Array.from(ids, (id) => 500 + 7 * (id % 900));
    await using lru = startPolicy(python, "LRU", capacity);
    assertEquals(
      await lru.ask(ids, bytes),
      await new LruCache(capacity).ask(ids, bytes),
    );
    await using tiny = startPolicy(python, "LRU", 2000);
    const { hits } = await simulateEdge(trace(), tiny, simulation);
    assertEquals(hits, 0);
  },
);

Deno.test("a policy whose process ends is named", async () => {
  await using cache = startPolicy("/bin/false", "SIEVE", 1000);
  const error = await assertRejects(
    () => cache.ask(Float64Array.of(1), Uint32Array.of(1)),
    Error,
  );
  assert(/SIEVE in "\/bin\/false"/.test(error.message));
});
