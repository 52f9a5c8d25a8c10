/**
 * Simulations, each done once: what was counted is kept, and a stopped run
 * resumes with the next way, policy or size.
 *
 * @module
 */
import { LruCache } from "@/edge/lru.ts";
import type { PhotoBytes } from "@/edge/objects.ts";
import { type PolicyName, startPolicy } from "@/edge/policies.ts";
import {
  type EdgeCounts,
  simulateEdge,
  type Simulation,
} from "@/edge/simulate.ts";
import { type SyntheticTrace, syntheticTrace } from "@/edge/synthetic_trace.ts";
import type { Trace } from "@/edge/trace.ts";
import type { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { fingerprint } from "@/files/sha256.ts";
import type { TimedSimulation } from "./types.ts";

/** A number that changes when simulations count differently. */
const SIMULATION_VERSION = 1;

/** A cache to simulate. */
export interface CacheRun {
  /** The requests, from their start at each call. */
  readonly trace: () => Trace;
  /** What decides the requests, for JSON. */
  readonly traceIdentity: unknown;
  /** How photos become objects. */
  readonly simulation: Simulation;
  /** What the cache keeps. */
  readonly policy: PolicyName;
  /** Python with libCacheSim; needed for other policies than LRU. */
  readonly python?: string | undefined;
  /** Size of the cache in bytes. */
  readonly cacheBytes: number;
}

/** How a run is watched and stopped. */
export interface CacheRunControls {
  /** Stops it between two blocks of requests. */
  readonly signal?: AbortSignal | undefined;
  /** Called with the requests so far. */
  readonly onRequests?: (requests: number) => void;
}

/**
 * Simulates a cache, unless that was done before.
 *
 * @param run The cache.
 * @param done What was counted before.
 * @param controls How it is watched and stopped.
 * @returns What was counted.
 */
export async function countOnce(
  { trace, traceIdentity, simulation, policy, python, cacheBytes }: CacheRun,
  done: MeasurementCache,
  controls: CacheRunControls,
): Promise<EdgeCounts> {
  const identity = {
    version: SIMULATION_VERSION,
    trace: traceIdentity,
    simulation: identityOf(simulation),
    policy,
    cacheBytes: Math.floor(cacheBytes),
  };
  return await done.once(["edge", identity], async () => {
    if (policy === "LRU") {
      const lru = new LruCache(cacheBytes);
      return await simulateEdge(trace(), lru, simulation, controls);
    }
    await using cache = startPolicy(python!, policy, cacheBytes);
    return await simulateEdge(trace(), cache, simulation, controls);
  });
}

/**
 * Times a simulation of LRU, unless that was done before on this machine.
 *
 * @param settings The requests.
 * @param simulation How photos become objects.
 * @param share Size of the cache, as a share of all photos' larger files.
 * @param machine The machine.
 * @param done What was timed before.
 * @param controls How it is watched and stopped.
 * @returns Time and memory.
 */
export async function timeOnce(
  settings: SyntheticTrace,
  simulation: Simulation,
  share: number,
  machine: string,
  done: MeasurementCache,
  { signal, onRequests }: CacheRunControls,
): Promise<TimedSimulation> {
  const known = identityOf(simulation);
  const identity = { settings, simulation: known, share, machine };
  return await done.once(["time of edge", identity], async () => {
    const bytes = settings.photos * meanBytes(simulation.pool);
    const lru = new LruCache(share * bytes);
    const start = performance.now();
    let memoryBytes = Deno.memoryUsage().rss;
    await simulateEdge(syntheticTrace(settings), lru, simulation, {
      signal,
      onRequests: (requests) => {
        memoryBytes = Math.max(memoryBytes, Deno.memoryUsage().rss);
        onRequests?.(requests);
      },
    });
    return {
      requests: settings.requests,
      photos: settings.photos,
      seconds: (performance.now() - start) / 1000,
      memoryBytes,
      objects: lru.count,
    };
  });
}

/** The pool is long, and its checksum is not. */
function identityOf({ pool, ...simulation }: Simulation) {
  return { ...simulation, pool: fingerprint(pool) };
}

function meanBytes(pool: readonly PhotoBytes[]): number {
  return pool.reduce((sum, { high }) => sum + high, 0) / pool.length;
}
