/**
 * What the notebook on the cache says in numbers.
 *
 * @module
 */
import { count, moreOr, percent } from "@/experiment/number_words.ts";
import { comparedCaches, simulatedPolicies } from "./tables.ts";
import {
  type CdnCacheMetrics,
  type CdnCacheResult,
  clientBytesEach,
  EDGE_WAYS,
  type EdgeWayKey,
  hitShare,
  originBytesEach,
  REFERENCE,
  type SimulatedCache,
} from "./types.ts";

/**
 * Describes what is simulated.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeSimulation(
  { dataset, machine, metrics, profile, settings, seed }: CdnCacheResult,
): string {
  const { trace, warmUpShare, overheadBytes, sliceBytes, quality } = settings;
  return `Profile **${profile}**, seed ${seed}. Sizes are those of
${metrics.photos} photos of "${dataset.name}", measured at what our files of
quality ${quality} reach at both sizes. A trace has ${count(trace.requests)}
requests for ${count(trace.photos)} photos, each of which has the sizes of a
measured one. Popularity follows Zipf's law with exponent ${trace.exponent};
${percent(trace.mediumShare)} of the requests are for the medium image. The
first ${percent(warmUpShare)} fill the cache and are not counted. An object
takes ${overheadBytes} bytes beside its content; slices have
${count(sliceBytes)} bytes. Simulated on ${machine.cpu}.`;
}

/**
 * Compares our layers with two files of AVIF, at every size of the cache.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function compareWithTwoFiles(result: CdnCacheResult): string {
  const { metrics: { sizes, ways } } = result;
  if (!ways.some(({ way }) => way === REFERENCE)) return "";
  const shares = [...new Set(sizes.map(({ share }) => share))];
  const differences = shares.map((share) => {
    const at = (key: EdgeWayKey) =>
      sizes.find((row) => row.way === key && row.share === share)!.counts;
    const [ours, other] = [at("layers"), at(REFERENCE)];
    return {
      hits: 100 * (hitShare(ours) - hitShare(other)),
      origin: originBytesEach(ours) / originBytesEach(other) - 1,
      clients: clientBytesEach(ours) / clientBytesEach(other) - 1,
    };
  });
  const range = (of: (row: typeof differences[number]) => number) =>
    differences.map(of).toSorted((a, b) => a - b);
  const hits = range((row) => row.hits);
  const origin = range((row) => row.origin);
  const better = origin.filter((value) => value < 0).length;
  return `Against AVIF in two files, over ${shares.length} sizes of the cache:

- **hits**: ${signed(hits[0]!, 1)} to ${signed(hits.at(-1)!, 1)} percentage
points;
- **bytes from the origin**: ${moreOr(origin[0]!, "fewer")} to
${
    moreOr(origin.at(-1)!, "fewer")
  }; fewer at ${better} of ${shares.length} sizes;
- **bytes to clients**: ${
    moreOr(differences[0]!.clients, "fewer")
  }, whatever the
cache does, since files and first layers of ours are that much larger than AVIF
files of the same PSNR.

${verdict(better, shares.length)}`;
}

function verdict(better: number, all: number): string {
  if (better === all) return "One stored file is worth it to the origin here.";
  if (better === 0) {
    return `**AVIF in two files wins**: one file for both sizes leaves more room
in the cache, and not as much as its bytes take away.`;
  }
  return `Which one asks less of the origin depends on the size of the cache.`;
}

/**
 * Compares what a cache can keep of our files.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function compareForms(result: CdnCacheResult): string {
  const at = comparedAt(result);
  const { layers, slices, whole } = {
    layers: at("layers")!,
    slices: at("slices")!,
    whole: at("whole")!,
  };
  const origin = (row: SimulatedCache) => count(originBytesEach(row.counts));
  const hits = (row: SimulatedCache) => percent(hitShare(row.counts), 1);
  return `At ${
    percent(result.settings.comparedShare)
  }, a cache of layers asks the
origin for ${origin(layers)} bytes per request, one of slices for
${origin(slices)}, one of whole files for ${origin(whole)}; hits are
${hits(layers)}, ${hits(slices)} and ${hits(whole)}. Whole files have more hits
where a medium image has brought the rest along, and pay for rests that nobody
asks for.`;
}

/**
 * Compares with other formats of one file for two sizes.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function compareWithRivals(result: CdnCacheResult): string {
  const at = comparedAt(result);
  const ours = at("layers")!;
  const lines = (["avifLayers", "jpeg2000"] as const).flatMap((key) => {
    const other = at(key);
    if (other === undefined) return [];
    const more = originBytesEach(ours.counts) / originBytesEach(other.counts);
    return [
      `- against **${EDGE_WAYS[key].name}** ours takes ` +
      `${moreOr(more - 1, "fewer")} bytes from the origin, ` +
      `${
        signed(100 * (hitShare(ours.counts) - hitShare(other.counts)), 1)
      } points of hits;`,
    ];
  });
  return lines.length === 0
    ? "Other formats of one file for two sizes have not been measured photo by " +
      "photo yet: `deno task measure storage` does so where Pillow can be " +
      "installed."
    : lines.join("\n").replace(/;$/, ".");
}

/**
 * Describes what resizing at the edge costs.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeResizing(result: CdnCacheResult): string {
  const at = comparedAt(result);
  const [resized, ours] = [at("resized"), at("layers")!];
  if (resized === undefined) return "";
  const { edgeCpuMs } = result.metrics.ways.find(({ way }) =>
    way === "resized"
  )!;
  const cores = edgeCpuMs / 1000 * resized.counts.mediums /
    resized.counts.requests;
  return `An edge that makes the medium image itself, at each request, spends
${count(edgeCpuMs)} ms of processor time on one: a thousand requests a second
keep ${count(1000 * cores)} cores busy. It takes
${count(originBytesEach(resized.counts))} bytes from the origin per request,
our layers ${count(originBytesEach(ours.counts))}. An edge that kept what it
made would hold both sizes, as with two files.`;
}

/**
 * Describes how much depends on the trace.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeTraces(result: CdnCacheResult): string {
  const { metrics: { variations } } = result;
  const caches = [...comparedCaches(result), ...variations];
  const ratios = caches.filter(({ way }) => way === "layers").flatMap(
    (ours) => {
      const other = caches.find((row) =>
        row.way === REFERENCE &&
        JSON.stringify(row.variation) === JSON.stringify(ours.variation)
      );
      return other === undefined
        ? []
        : [originBytesEach(ours.counts) / originBytesEach(other.counts) - 1];
    },
  ).toSorted((a, b) => a - b);
  if (ratios.length === 0) return "";
  const fewer = ratios.filter((ratio) => ratio < 0).length;
  return `Over these ${ratios.length} traces, our layers take
${moreOr(ratios[0]!, "fewer")} to ${
    moreOr(ratios.at(-1)!, "fewer")
  } bytes from the
origin than AVIF in two files, fewer in ${fewer}. Nothing published says how
the sizes of one photo go together in time. _Apart_ and _together_ are the two
ends: each photo in one size only, or the photo right after its medium image.`;
}

/**
 * Describes what other policies change.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describePolicies(result: CdnCacheResult): string {
  const { metrics } = result;
  const names = simulatedPolicies(metrics);
  if (names.length === 0) {
    return "Only LRU was simulated, as libCacheSim was not installed.";
  }
  const at = comparedAt(result);
  const gain = (policy: string) => {
    const found = metrics.policies.find((row) =>
      row.policy === policy && row.way === "layers"
    )!;
    return hitShare(found.counts) - hitShare(at("layers")!.counts);
  };
  const best = names.toSorted((a, b) => gain(b) - gain(a))[0]!;
  const reference = metrics.policies.find((row) =>
    row.policy === best && row.way === REFERENCE
  );
  const ours = metrics.policies.find((row) =>
    row.policy === best && row.way === "layers"
  )!;
  const against = reference === undefined ? "" : ` There, our layers have
${
    signed(100 * (hitShare(ours.counts) - hitShare(reference.counts)), 1)
  } points of hits against AVIF in two files.`;
  return `With our layers, ${best} has the most hits,
${signed(100 * gain(best), 1)} points against LRU.${against}`;
}

/**
 * Describes what a cache of a petabyte would look like, from the objects here.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describePetabyte(
  { metrics, settings }: CdnCacheResult,
): string {
  const { timed, ways } = metrics;
  const ours = ways.find(({ way }) => way === "layers")!;
  const objectBytes = ours.highBytes / 2 + settings.overheadBytes;
  const objects = 1e15 / objectBytes;
  const [small, large] = [timed[0]!, timed.at(-1)!];
  const perSecond = large.requests / large.seconds;
  const keys = objects / 8000 * 1e6; // a megabyte of nginx for 8000 keys
  return `The simulator handles ${count(perSecond)} requests a second. From
${count(small.photos)} to ${count(large.photos)} photos, the memory of its
process grows from ${count(small.memoryBytes / 1e6)} to
${count(large.memoryBytes / 1e6)} MB, most of it TensorFlow's and the runtime's
own; the trace is made as it is needed. A petabyte of layers, of
${count(objectBytes)} bytes each with the header, is
${billions(objects)} billion objects. nginx needs a megabyte of memory for
8,000 keys, ${(keys / 1e12).toFixed(1)} TB for all of them: files this small are
the limit of such a cache, not its disks. In whole files it is half of that, in
slices of ${count(settings.sliceBytes)} bytes
${
    (Math.ceil(ours.highBytes / settings.sliceBytes) / 2).toFixed(1)
  } times as much. To fill it once at 10 gigabits a second takes
${(1e15 * 8 / 10e9 / 86_400).toFixed(1)} days. A simulation of it that goes
through each photo ten times takes
${count(objects / 2 * 10 / perSecond / 86_400)} days here, so smaller ones, with
cache and photos scaled down alike, have to do.`;
}

/**
 * Sums up what one stored file is worth to a cache.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function concludeCdnCache(result: CdnCacheResult): string {
  const { metrics } = result;
  const ours = metrics.ways.find(({ way }) => way === "layers")!;
  const other = metrics.ways.find(({ way }) => way === REFERENCE);
  if (other === undefined) return "";
  const stored = ours.storedBytes / other.storedBytes - 1;
  const first = ours.mediumBytes / other.mediumBytes - 1;
  return `One file of ours takes ${
    moreOr(stored, "fewer")
  } bytes of storage than
AVIF in two files at equal PSNR. A cache does not hold all files, and sees
mostly medium images: there it counts that the first layer takes
${
    moreOr(first, "fewer")
  } than the medium AVIF file. The lever is a smaller first
layer.`;
}

function comparedAt(result: CdnCacheResult) {
  const caches = comparedCaches(result);
  return (key: EdgeWayKey) => caches.find(({ way }) => way === key);
}

function billions(value: number): string {
  return (value / 1e9).toFixed(0);
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return `${value < 0 ? "−" : "+"}${text}`;
}

/**
 * What the overview says of the cache.
 *
 * @param metrics From the section's result.
 * @param comparedShare The size of the cache.
 * @returns A sentence or two.
 */
export function summarizeCdnCache(
  { sizes }: CdnCacheMetrics,
  comparedShare: number,
): string {
  const at = (key: EdgeWayKey) =>
    sizes.find((row) => row.way === key && row.share === comparedShare)?.counts;
  const [ours, other] = [at("layers")!, at(REFERENCE)];
  const hits = percent(hitShare(ours), 1);
  if (other === undefined) return `Layers of our codec have ${hits} hits.`;
  const more = originBytesEach(ours) / originBytesEach(other) - 1;
  return `Layers of our codec have ${hits} hits in a cache of ` +
    `${percent(comparedShare)}, AVIF in two files ` +
    `${percent(hitShare(other), 1)}; from the origin ours take ` +
    `${moreOr(more, "fewer")} bytes.`;
}
