import { TraceFile, type TraceForm } from "@/edge/trace.ts";
import { syntheticTrace } from "@/edge/synthetic_trace.ts";
import { mean } from "@/metrics/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertThrows,
} from "@std/assert";
import { requestsOf } from "./_counts.ts";

async function* linesOf(text: string): AsyncGenerator<string> {
  for (const line of text.split("\n")) yield await Promise.resolve(line);
}

async function read(text: string, form: TraceForm) {
  const trace = new TraceFile(linesOf(text), form);
  return { requests: await requestsOf(trace), trace };
}

Deno.test("a trace of JSON lines is read, and broken lines are named", async () => {
  const { requests, trace } = await read(
    [
      '{"photo":"heron","size":"medium"}',
      '{"photo":"wren","size":"high","time":1}',
      "",
      '{"photo":"heron","size":"high"',
      '{"photo":"heron","size":"large"}',
      '{"photo":"","size":"high"}',
      "null",
      '{"photo":"heron","size":"high"}',
    ].join("\n"),
    { form: "json" },
  );
  assertEquals(requests, [0, 3, 1]);
  assertEquals(trace.names, ["heron", "wren"]);
  assertEquals([trace.lineCount, trace.brokenCount], [8, 4]);
  assertEquals(trace.broken, [
    { line: 4, reason: "it is not JSON" },
    { line: 5, reason: 'its size is neither "medium" nor "high"' },
    { line: 6, reason: "it names no photo" },
    { line: 7, reason: "it names no photo" },
  ]);
});

const id = "085abb02a06850729bb01479466420d9e102d325";

Deno.test("Tencent's photo trace is read by classes of sizes", async () => {
  const text = [
    `20160201164604 ${id} 5 m 12903 1 PHONE 1`,
    `20160201164604 ${id} 5 l 40001 0 PC 12`,
    `20160201164605 0a 0 b 700 1 PC 1`,
    `20160201164605  0a 0 o 90000 1 PC 1`,
    `20160201164605 0a 0 m`,
    `2016-02-01 ${id} 5 m 1 1 PHONE 1`,
    `20160201164605 xyz 5 m 1 1 PHONE 1`,
    `20160201164605 0a 5 M 1 1 PHONE 1`,
    `20160201164605 0a 5 m -1 1 PHONE 1`,
  ].join("\n");
  const { requests, trace } = await read(text, {
    form: "tencent",
    classes: { medium: "m", high: "lo" },
  });
  assertEquals(requests, [0, 1, 3]);
  assertEquals([trace.otherCount, trace.brokenCount], [1, 5]);
  assertEquals(trace.meanBytes, mean([12903, 40001, 700, 90000]));
  assertEquals(trace.broken.map(({ line }) => line), [5, 6, 7, 8, 9]);
  assertEquals(trace.broken[0]!.reason, "it has 4 fields, not 8");
});

Deno.test("only the first broken lines are named, and all are counted", async () => {
  const { trace } = await read("x\n".repeat(1000), { form: "json" });
  assertEquals([trace.brokenCount, trace.broken.length], [1000, 5]);
});

const settings = {
  photos: 1000,
  requests: 200_000,
  exponent: 0.8,
  mediumShare: 0.6,
  together: "independent",
  seed: 1,
} as const;

Deno.test("a made trace depends on its seed alone", async () => {
  const small = { ...settings, requests: 70_000 };
  const requests = await requestsOf(syntheticTrace(small));
  assertEquals(requests.length, 70_000);
  assertEquals(await requestsOf(syntheticTrace(small)), requests);
  const other = await requestsOf(syntheticTrace({ ...small, seed: 2 }));
  assert(other.some((request, i) => request !== requests[i]));
});

Deno.test("popularity in a made trace follows Zipf's law", async () => {
  for (const exponent of [0.6, 1]) {
    const requests = await requestsOf(
      syntheticTrace({ ...settings, exponent }),
    );
    const counts = new Map<number, number>();
    for (const request of requests) {
      const photo = request >> 1;
      counts.set(photo, (counts.get(photo) ?? 0) + 1);
    }
    const band = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => counts.get(from + i) ?? 0)
        .reduce((sum, count) => sum + count, 0);
    let expected = 0, whole = 0;
    for (let n = 1; n <= 1000; n++) {
      whole += n ** -exponent;
      if (n <= 10) expected += n ** -exponent;
    }
    assertAlmostEquals(band(0, 10) / requests.length, expected / whole, 0.01);
    assertAlmostEquals(band(0, 1000) / requests.length, 1, 1e-12);
  }
});

Deno.test("sizes of one photo go together as a made trace is told", async () => {
  for (const mediumShare of [0.6, 0.3, 1]) {
    for (const together of ["apart", "independent", "together"] as const) {
      const requests = await requestsOf(
        syntheticTrace({ ...settings, mediumShare, together }),
      );
      const medium = mean(requests.map((request) => 1 - request % 2));
      assertAlmostEquals(
        medium,
        mediumShare,
        together === "apart" ? 0.05 : 0.01,
      );
      const sizes = Map.groupBy(requests, (request) => request >> 1);
      const mixed = [...sizes.values()]
        .filter((all) => new Set(all).size === 2).length;
      if (together === "apart" || mediumShare === 1) assertEquals(mixed, 0);
      else assert(mixed > 990);
      if (together !== "together") continue;
      // The photo follows its own medium image, as often as the shares allow.
      const alone = requests.filter((request, i) =>
        request % 2 === 1 && requests[i - 1] !== request - 1
      );
      if (mediumShare >= 0.5) assertEquals(alone.length, 0);
    }
  }
});

Deno.test("a made trace refuses settings out of range", () => {
  const make = (changed: object) => () =>
    syntheticTrace({ ...settings, ...changed }).next();
  assertThrows(make({ photos: 0 }), RangeError, "photos must be");
  assertThrows(make({ exponent: -1 }), RangeError, "exponent must be");
  assertThrows(make({ mediumShare: 1.1 }), RangeError, "mediumShare must be");
});
