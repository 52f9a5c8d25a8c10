/**
 * Section *cdn_cache*: what one stored file for two sizes is worth to the cache
 * of a content delivery network, simulated with the sizes of real photos.
 *
 * Widths of requests: Wikimedia's of one day (Phabricator, T410304, 24 October
 * 2025), in which 250 px has 20.2 %, 500 px 13.6 %, 960 px 2.6 % and 1920 px
 * 0.2 % of the requests for thumbnails: of two sizes by the factor two, the
 * smaller one has 60, 84 or 93 %.
 *
 * @module
 */
import { join } from "node:path";
import { libCacheSimPython } from "@/edge/policies.ts";
import { syntheticTrace } from "@/edge/synthetic_trace.ts";
import {
  MeasurementCache,
  trackPieces,
} from "@/evaluation/measurement_cache.ts";
import { readStorage } from "@/evaluation/results.ts";
import type { CodecStorage } from "@/evaluation/types.ts";
import { describeMachine } from "@/experiment/environment.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { describeVersions } from "@/training/mod.ts";
import { cdnCacheFigures } from "./figures.ts";
import { countOnce, timeOnce } from "./runs.ts";
import { type MeasuredWay, measuredWays, sizesOfTrace } from "./sizes.ts";
import {
  type CdnCacheMetrics,
  type CdnCacheResult,
  type CdnCacheSettings,
  EDGE_WAYS,
  REFERENCE,
  type SimulatedCache,
  type TraceVariation,
} from "./types.ts";

/** The section. */
export const cdnCache: Section<CdnCacheSettings, CdnCacheMetrics> = {
  name: "cdn_cache",
  title: "One stored file in the cache of a content delivery network",
  settings: settingsOf,
  run: async (context) =>
    await runCdnCache(
      settingsOf(context.profile),
      await readStorage(join(PROJECT_ROOT, "results", "codec")),
      context,
    ),
  figures: cdnCacheFigures,
};

function settingsOf(profile: Profile): CdnCacheSettings {
  const quick = profile === "quick";
  return {
    quality: 38,
    trace: {
      photos: quick ? 2500 : 25_000,
      requests: quick ? 50_000 : 500_000,
      exponent: 0.8,
      mediumShare: 0.6,
      together: "independent",
    },
    variations: [
      { exponent: 0.6 },
      { exponent: 1 },
      { mediumShare: 0.84 },
      { mediumShare: 0.93 },
      { together: "apart" },
      { together: "together" },
    ],
    warmUpShare: 0.3,
    cacheShares: [0.01, 0.02, 0.05, 0.1, 0.2, 0.4],
    comparedShare: 0.05,
    policies: ["S3-FIFO", "SIEVE", "W-TinyLFU", "GDSF"],
    overheadBytes: 600,
    sliceBytes: 4096,
    timedRequests: quick ? [10_000, 100_000] : [1e5, 1e6, 1e7, 1e8],
  };
}

/**
 * Does the section's work with any settings.
 *
 * @param settings The settings.
 * @param storage Sizes of photos.
 * @param context What the section was given.
 */
export async function runCdnCache(
  settings: CdnCacheSettings,
  storage: CodecStorage,
  context: SectionContext,
): Promise<CdnCacheResult> {
  const { profile, seed, folder, controls } = context;
  const ways = measuredWays(storage, settings.quality);
  const done = await MeasurementCache.open(
    join(folder, "..", "runs", "cdn_cache"),
  );
  const machine = describeMachine();
  const python = await installed(controls.onWarning);
  const grid = gridOf(settings, ways, python !== undefined);
  const next = trackPieces({
    phase: "Caches",
    total: grid.length + settings.timedRequests.length,
    cache: done,
    controls,
  });
  const reference = ways.find(({ way }) => way === REFERENCE) ?? ways[0]!;
  const catalogueBytes = settings.trace.photos * reference.storedBytes;
  const simulated: SimulatedCache[] = [];
  for (const cell of grid) {
    next();
    const trace = { ...settings.trace, ...cell.variation, seed };
    const counts = await countOnce(
      {
        trace: () => syntheticTrace(trace),
        traceIdentity: trace,
        simulation: simulationOf(settings, ways, cell, seed),
        policy: cell.policy,
        python,
        cacheBytes: cell.share * catalogueBytes,
      },
      done,
      controls,
    );
    simulated.push({ ...cell, counts });
  }
  const timed = [];
  for (const requests of settings.timedRequests) {
    next();
    const { share, simulation } = timedCache(settings, ways, seed);
    // As many requests for each photo as usual.
    const photos = Math.max(
      1,
      Math.round(requests * settings.trace.photos / settings.trace.requests),
    );
    const trace = { ...settings.trace, requests, photos, seed };
    const where = `${machine.cpu}, ${machine.cores}`;
    timed.push(
      await timeOnce(trace, simulation, share, where, done, controls),
    );
  }
  next();
  const usual = (cell: SimulatedCache) =>
    Object.keys(cell.variation).length === 0;
  const { name, fingerprint, photos } = storage.dataset;
  return {
    section: "cdn_cache",
    profile,
    settings,
    seed,
    dataset: {
      name,
      fingerprint,
      counts: { train: 0, valid: 0, test: photos, skipped: 0 },
    },
    machine,
    versions: describeVersions(),
    history: [],
    metrics: {
      model: storage.model,
      photos: ways[0]!.photos.length,
      ways: ways.map(({ photos: _, ...bytes }) => bytes),
      catalogueBytes,
      sizes: simulated.filter((cell) => cell.policy === "LRU" && usual(cell)),
      variations: simulated.filter((cell) => !usual(cell)),
      policies: simulated.filter(({ policy }) => policy !== "LRU"),
      timed,
    },
  };
}

type Cell = Omit<SimulatedCache, "counts">;

/** Everything that is simulated: sizes, traces and policies for each way. */
function gridOf(
  settings: CdnCacheSettings,
  ways: readonly MeasuredWay[],
  hasPolicies: boolean,
): Cell[] {
  const { cacheShares, comparedShare, variations, policies } = settings;
  const usual: TraceVariation = {};
  const shares = [...new Set([...cacheShares, comparedShare])].toSorted((
    a,
    b,
  ) => a - b);
  return ways.flatMap(({ way }): Cell[] => [
    ...shares.map((share) =>
      ({ way, share, policy: "LRU", variation: usual }) as const
    ),
    ...variations.map((variation) =>
      ({ way, share: comparedShare, policy: "LRU", variation }) as const
    ),
    ...(hasPolicies ? policies : []).map((policy) =>
      ({ way, share: comparedShare, policy, variation: usual }) as const
    ),
  ]);
}

function simulationOf(
  { sliceBytes, overheadBytes, warmUpShare, trace }: CdnCacheSettings,
  ways: readonly MeasuredWay[],
  { way }: Pick<Cell, "way">,
  seed: number,
) {
  const { photos } = ways.find((measured) => measured.way === way)!;
  return {
    form: EDGE_WAYS[way].form,
    pool: sizesOfTrace(photos, seed),
    sliceBytes,
    overheadBytes,
    warmUp: Math.round(warmUpShare * trace.requests),
  };
}

function timedCache(
  settings: CdnCacheSettings,
  ways: readonly MeasuredWay[],
  seed: number,
) {
  const simulation = simulationOf(settings, ways, { way: "layers" }, seed);
  return {
    share: settings.comparedShare,
    simulation: { ...simulation, warmUp: 0 },
  };
}

/** Python with libCacheSim, or a warning. */
async function installed(
  onWarning: ((message: string) => void) | undefined,
): Promise<string | undefined> {
  try {
    return await libCacheSimPython(
      PROJECT_ROOT,
      () => onWarning?.("Installing libCacheSim…"),
    );
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    onWarning?.(`Skipped: policies other than LRU. ${reason}`);
    return undefined;
  }
}
