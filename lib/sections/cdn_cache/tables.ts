/**
 * The tables of *cdn_cache*; needs no TensorFlow.
 *
 * @module
 */
import { makeTable, type Table } from "@/charts/table.ts";
import { percent } from "@/experiment/number_words.ts";
import type { PolicyName } from "@/edge/policies.ts";
import type { EdgeCounts } from "@/edge/simulate.ts";
import {
  type CdnCacheMetrics,
  type CdnCacheResult,
  clientBytesEach,
  EDGE_WAYS,
  edgeCpuEach,
  hitShare,
  originBytesEach,
  type SimulatedCache,
  traceName,
} from "./types.ts";

/**
 * What is stored and sent in each way.
 *
 * @param metrics From the section's result.
 */
export function wayBytesTable({ ways, photos }: CdnCacheMetrics): Table {
  return makeTable(`Bytes, means over ${photos} photos`, ways, [
    ["", ({ way }) => EDGE_WAYS[way].name],
    ["Stored", ({ storedBytes }) => storedBytes, 0],
    ["Sent for the medium image", ({ mediumBytes }) => mediumBytes, 0],
    ["Sent for the photo", ({ highBytes }) => highBytes, 0],
    ["Edge CPU, medium (ms)", ({ edgeCpuMs }) => edgeCpuMs, 0],
  ]);
}

/**
 * All ways at the compared size of the cache.
 *
 * @param result Of the section.
 */
export function comparedTable(result: CdnCacheResult): Table {
  const { metrics: { ways }, settings: { comparedShare } } = result;
  const caption = `A cache of ${percent(comparedShare)}, LRU, per request`;
  return makeTable(caption, comparedCaches(result), [
    ["", ({ way }) => EDGE_WAYS[way].name],
    ["Hits (%)", ({ counts }) => 100 * hitShare(counts), 1],
    ["Bytes from the origin", ({ counts }) => originBytesEach(counts), 0],
    [
      "Requests to the origin",
      ({ counts }) => counts.originRequests / counts.requests,
      3,
    ],
    ["Bytes to clients", ({ counts }) => clientBytesEach(counts), 0],
    ["Edge CPU (ms)", (row) => edgeCpuEach(ways, row), 1],
  ]);
}

/**
 * Bytes from the origin for other traces.
 *
 * @param result Of the section.
 */
export function tracesTable(result: CdnCacheResult): Table {
  const { metrics } = result;
  const caches = [...comparedCaches(result), ...metrics.variations];
  const names = [...new Set(caches.map((row) => traceName(row.variation)))];
  const at = (name: string, way: string) =>
    caches.find((row) => row.way === way && traceName(row.variation) === name);
  return makeTable(
    "Bytes from the origin per request, by trace",
    names,
    [
      ["Trace", (name) => name],
      ...metrics.ways.map(({ way }) =>
        [
          EDGE_WAYS[way].name,
          (name: string) => {
            const found = at(name, way);
            return found && originBytesEach(found.counts);
          },
          0,
        ] as const
      ),
    ],
  );
}

/**
 * Hits with each policy.
 *
 * @param result Of the section.
 */
export function policiesTable(result: CdnCacheResult): Table {
  const { metrics } = result;
  const caches = [...comparedCaches(result), ...metrics.policies];
  const policies = [...new Set(caches.map(({ policy }) => policy))];
  return makeTable("Hits (% of requests), by policy", metrics.ways, [
    ["", ({ way }) => EDGE_WAYS[way].name],
    ...policies.map((policy) =>
      [
        policy,
        ({ way }: { readonly way: string }) => {
          const found = caches.find((row) =>
            row.way === way && row.policy === policy
          );
          return found && 100 * hitShare(found.counts);
        },
        1,
      ] as const
    ),
  ]);
}

/**
 * Time and memory of the simulator.
 *
 * @param metrics From the section's result.
 */
export function timesTable({ timed }: CdnCacheMetrics): Table {
  return makeTable("Our layers with our LRU, in one thread", timed, [
    ["Requests", ({ requests }) => requests, 0],
    ["Photos", ({ photos }) => photos, 0],
    ["Objects in the cache", ({ objects }) => objects, 0],
    ["Seconds", ({ seconds }) => seconds, 1],
    ["Memory of the process (MB)", (row) => row.memoryBytes / 1e6, 0],
  ]);
}

/**
 * Caches that were simulated outside of the section.
 *
 * @param caches With the names of their ways.
 */
export function simulatedTable(
  caches: readonly {
    readonly name: string;
    readonly policy: PolicyName;
    readonly counts: EdgeCounts;
  }[],
): Table {
  return makeTable("Per request", caches, [
    ["", ({ name }) => name],
    ["Policy", ({ policy }) => policy],
    ["Hits (%)", ({ counts }) => 100 * hitShare(counts), 1],
    ["Bytes from the origin", ({ counts }) => originBytesEach(counts), 0],
    ["Bytes to clients", ({ counts }) => clientBytesEach(counts), 0],
  ]);
}

/** What a network of caches pays for, in any currency. */
export interface EdgePrices {
  /** Requests a day. */
  readonly requestsPerDay: number;
  /** A gigabyte from the origin to the cache. */
  readonly originGigabyte: number;
  /** A gigabyte from the cache to clients. */
  readonly clientGigabyte: number;
  /** A core of the edge for an hour. */
  readonly coreHour: number;
}

/**
 * The cost of a year.
 *
 * @param result Of the section.
 * @param prices What things cost.
 */
export function costTable(result: CdnCacheResult, prices: EdgePrices): Table {
  const { requestsPerDay, originGigabyte, clientGigabyte, coreHour } = prices;
  const { ways } = result.metrics;
  const requests = 365 * requestsPerDay;
  const gigabytes = (bytesEach: number) => requests * bytesEach / 1e9;
  const origin = ({ counts }: SimulatedCache) =>
    gigabytes(originBytesEach(counts)) * originGigabyte;
  const clients = ({ counts }: SimulatedCache) =>
    gigabytes(clientBytesEach(counts)) * clientGigabyte;
  const cpu = (row: SimulatedCache) =>
    requests * edgeCpuEach(ways, row) / 3.6e6 * coreHour;
  return makeTable(
    `A year of ${requestsPerDay.toLocaleString("en-US")} requests a day, at ` +
      `${originGigabyte} per gigabyte from the origin, ${clientGigabyte} per ` +
      `gigabyte to clients and ${coreHour} per core-hour`,
    comparedCaches(result),
    [
      ["", ({ way }) => EDGE_WAYS[way].name],
      ["From the origin", origin, 0],
      ["To clients", clients, 0],
      ["Edge CPU", cpu, 0],
      ["Sum", (row) => origin(row) + clients(row) + cpu(row), 0],
    ],
  );
}

/**
 * The caches of the compared size with LRU and the usual trace.
 *
 * @param result Of the section.
 * @returns One for each way.
 */
export function comparedCaches(
  { metrics, settings }: CdnCacheResult,
): SimulatedCache[] {
  return metrics.sizes.filter(({ share }) => share === settings.comparedShare);
}

/**
 * The policies that were simulated besides LRU.
 *
 * @param metrics From the section's result.
 * @returns Their names.
 */
export function simulatedPolicies({ policies }: CdnCacheMetrics): PolicyName[] {
  return [...new Set(policies.map(({ policy }) => policy))];
}
