import { writeResult } from "@/experiment/results.ts";
import { ResultError } from "@/experiment/results.ts";
import { cdnCache, runCdnCache } from "@/sections/cdn_cache/mod.ts";
import * as report from "@/sections/cdn_cache/report.ts";
import { measuredWays, sizesOfTrace } from "@/sections/cdn_cache/sizes.ts";
import * as tables from "@/sections/cdn_cache/tables.ts";
import {
  type CdnCacheSettings,
  hitShare,
  originBytesEach,
  traceName,
} from "@/sections/cdn_cache/types.ts";
import { mean } from "@/metrics/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { makeContext, withWorkplace } from "../../experiment/_photos.ts";
import { needsPython } from "../../_notebooks.ts";
import { checkPublished } from "../_check_published.ts";
import { madeStorage } from "./_storage.ts";

const settings: CdnCacheSettings = {
  ...cdnCache.settings("quick"),
  trace: {
    photos: 500,
    requests: 6000,
    exponent: 0.8,
    mediumShare: 0.6,
    together: "independent",
  },
  variations: [{ exponent: 1 }, { together: "apart" }],
  cacheShares: [0.02, 0.05, 0.2],
  policies: ["SIEVE"],
  timedRequests: [500, 6000],
};

Deno.test({
  name: "section cdn_cache simulates every way, size, trace and policy, once",
  ...needsPython,
  fn: async () => {
    await withWorkplace(async (place) => {
      const context = makeContext("cdn_cache", place);
      const result = await runCdnCache(settings, madeStorage(), context);
      await writeResult(context.folder, result);
      const { metrics } = result;
      assertEquals(metrics.ways.map(({ way }) => way), [
        "twoFiles",
        "resized",
        "avifLayers",
        "jpeg2000",
        "whole",
        "slices",
        "layers",
      ]);
      assertEquals(metrics.photos, 3);
      assertEquals(metrics.catalogueBytes, 500 * 20_000);
      assertEquals(metrics.sizes.length, 7 * 3);
      assertEquals(metrics.variations.length, 7 * 2);
      assertEquals(metrics.policies.length, 7);
      assertEquals(metrics.timed.map(({ photos }) => photos), [42, 500]);
      for (const { counts } of [...metrics.sizes, ...metrics.policies]) {
        assertEquals(counts.requests, 4200);
        assertAlmostEquals(counts.mediums / counts.requests, 0.6, 0.03);
      }
      for (const { way } of metrics.ways) {
        const own = metrics.sizes.filter((row) => row.way === way);
        const hits = own.map(({ counts }) => hitShare(counts));
        const bytes = own.map(({ counts }) => originBytesEach(counts));
        for (const i of [1, 2]) {
          assertGreater(hits[i]!, hits[i - 1]!);
          assertLess(bytes[i]!, bytes[i - 1]!);
        }
      }
      // What was simulated before is not simulated again.
      const again = await runCdnCache(settings, madeStorage(), context);
      assertEquals(again.metrics, metrics);

      const published = await checkPublished("cdn_cache", place, result, [
        "hits.svg",
        "origin.svg",
        "clients.svg",
      ]);
      assertEquals(tables.comparedTable(published).rows.length, 7);
      assertEquals(tables.tracesTable(published).rows.map(([name]) => name), [
        "usual",
        "Zipf 1",
        "sizes apart",
      ]);
      assertEquals(
        tables.policiesTable(published).columns.map(({ title }) => title),
        ["", "LRU", "SIEVE"],
      );
      assertMatch(
        report.describePolicies(published),
        /SIEVE has the most hits/,
      );
      assertMatch(report.compareWithRivals(published), /JPEG 2000, layers/);
    });
  },
});

Deno.test("costs are those of bytes and of processor time", async () => {
  await withWorkplace(async (place) => {
    const few = {
      ...settings,
      policies: [],
      variations: [],
      timedRequests: [],
    };
    const context = makeContext("cdn_cache", place);
    const result = await runCdnCache(few, madeStorage(), context);
    const cost = (prices: Partial<tables.EdgePrices>) =>
      tables.costTable(result, {
        requestsPerDay: 1e6,
        originGigabyte: 0,
        clientGigabyte: 0,
        coreHour: 0,
        ...prices,
      }).rows.map((row) => row.at(-1) as number);
    const caches = tables.comparedCaches(result);
    const [bytes, clients, cpu] = [
      cost({ originGigabyte: 1 }),
      cost({ clientGigabyte: 1 }),
      cost({ coreHour: 1 }),
    ];
    for (const [i, { way, counts }] of caches.entries()) {
      assertAlmostEquals(bytes[i]!, originBytesEach(counts) * 0.365, 1e-6);
      const mediums = counts.mediums / counts.requests;
      const hours = way === "resized" ? 365e6 * mediums * 0.5 / 3600 : 0;
      assertAlmostEquals(cpu[i]!, hours, 1e-6);
    }
    const sum = cost({ originGigabyte: 1, clientGigabyte: 1, coreHour: 1 });
    sum.forEach((all, i) =>
      assertAlmostEquals(all, bytes[i]! + clients[i]! + cpu[i]!, 1e-6)
    );
  });
});

Deno.test("only photos that every way reaches are used", () => {
  const storage = madeStorage();
  const [first, ...others] = storage.photos!;
  const lacking = {
    ...storage,
    photos: [
      {
        ...first!,
        ways: first!.ways.filter(({ codec }) => codec !== "layeredAvif"),
      },
      ...others,
    ],
  };
  const ways = measuredWays(lacking, 38);
  assertEquals(ways.map(({ photos }) => photos.length), Array(7).fill(2));
  assertEquals(ways.at(-1)!.mediumBytes, mean([11_000, 16_500]));
  const withoutRivals = madeStorage({
    twoFiles: [800, 1200],
    layers: [900, 1500],
  });
  assertEquals(measuredWays(withoutRivals, 38).map(({ way }) => way), [
    "twoFiles",
    "whole",
    "slices",
    "layers",
  ]);
});

Deno.test("without sizes of single photos the command is named", async () => {
  const { photos: _, ...old } = madeStorage();
  for (const [storage, quality] of [[old, 38], [madeStorage(), 39]] as const) {
    assertThrows(
      () => measuredWays(storage, quality),
      ResultError,
      "deno task measure storage",
    );
  }
  await withWorkplace(async (place) => {
    const signal = AbortSignal.abort(new Error("Enough."));
    const context = makeContext("cdn_cache", place);
    const stopped = { ...context, controls: { ...context.controls, signal } };
    await assertRejects(
      () => runCdnCache(settings, madeStorage(), stopped),
      Error,
      "Enough.",
    );
  });
});

Deno.test("photos of a trace have the sizes of measured ones, in any order", () => {
  const [a, b] = [{ medium: 1, high: 2 }, { medium: 3, high: 4 }];
  const sizes = sizesOfTrace([a, b], 1);
  assertEquals(sizesOfTrace([a, b], 1), sizes);
  assertAlmostEquals(
    sizes.filter((size) => size === a).length / sizes.length,
    0.5,
    0.03,
  );
  assert(sizes.every((size) => size === a || size === b));
  assertEquals(
    traceName({ exponent: 1, mediumShare: 0.84 }),
    "Zipf 1, 84 % medium",
  );
});
