/**
 * Settings, findings and names of *cdn_cache*; needs no TensorFlow.
 *
 * @module
 */
import type { CacheForm } from "@/edge/objects.ts";
import type { PolicyName } from "@/edge/policies.ts";
import type { EdgeCounts } from "@/edge/simulate.ts";
import type { SyntheticTrace } from "@/edge/synthetic_trace.ts";
import type { StorageWay } from "@/evaluation/types.ts";
import type { SectionResult } from "@/experiment/types.ts";

/** A way of storing photos, and what a cache keeps of it. */
export interface EdgeWay {
  /** Name in tables and charts. */
  readonly name: string;
  /** The codec's id in the results on storage. */
  readonly codec: string;
  /** How photos are stored. */
  readonly way: StorageWay;
  /** What a cache keeps. */
  readonly form: CacheForm;
}

/** All ways, ours last. Those that were not measured are skipped. */
export const EDGE_WAYS = {
  twoFiles: way("AVIF, two files", "avif", "two files", "files"),
  resized: way("AVIF, resized at the edge", "avif", "high only", "resized"),
  avifLayers: way("AVIF, layers", "layeredAvif", "layered", "layers"),
  jpeg2000: way(
    "JPEG 2000, layers",
    "jpeg2000ByResolution",
    "by resolution",
    "layers",
  ),
  whole: way("ours, whole files", "ours", "layered", "whole"),
  slices: way("ours, slices", "ours", "layered", "slices"),
  layers: way("ours, layers", "ours", "layered", "layers"),
} as const satisfies Record<string, EdgeWay>;

function way(
  name: string,
  codec: string,
  stored: StorageWay,
  form: CacheForm,
): EdgeWay {
  return { name, codec, way: stored, form };
}

/** The key of a way. */
export type EdgeWayKey = keyof typeof EDGE_WAYS;

/** The way that the size of the cache is relative to: all files of it. */
export const REFERENCE: EdgeWayKey = "twoFiles";

/** How a trace differs from the usual one. */
export type TraceVariation = Partial<Omit<SyntheticTrace, "seed">>;

/** What decides the section. */
export interface CdnCacheSettings {
  /** Quality of our files, which sets the targets of the others. */
  readonly quality: number;
  /** The usual trace. */
  readonly trace: Omit<SyntheticTrace, "seed">;
  /** Other traces, in what they differ. */
  readonly variations: readonly TraceVariation[];
  /** The share of a trace that fills the cache first and is not counted. */
  readonly warmUpShare: number;
  /** Sizes of the cache, as shares of all files of AVIF in two files each. */
  readonly cacheShares: readonly number[];
  /** The size at which traces and policies are compared. */
  readonly comparedShare: number;
  /** What caches keep, besides LRU. */
  readonly policies: readonly PolicyName[];
  /** What an object takes beside its content: nginx's header, about. */
  readonly overheadBytes: number;
  /** Length of a slice. */
  readonly sliceBytes: number;
  /** Numbers of requests whose simulation is timed. */
  readonly timedRequests: readonly number[];
}

/** Means over the measured photos of a way. */
export interface WayBytes {
  /** Which way. */
  readonly way: EdgeWayKey;
  /** Bytes that are stored. */
  readonly storedBytes: number;
  /** Bytes that a request for the medium image sends. */
  readonly mediumBytes: number;
  /** Bytes that a request for the photo sends. */
  readonly highBytes: number;
  /** Processor time of the edge for the medium image, in milliseconds. */
  readonly edgeCpuMs: number;
}

/** A cache that was simulated. */
export interface SimulatedCache {
  /** Which way. */
  readonly way: EdgeWayKey;
  /** Size of the cache, as a share. */
  readonly share: number;
  /** What it keeps. */
  readonly policy: PolicyName;
  /** How the trace differs from the usual one. */
  readonly variation: TraceVariation;
  /** What was counted. */
  readonly counts: EdgeCounts;
}

/** How long a simulation took. */
export interface TimedSimulation {
  /** Number of requests. */
  readonly requests: number;
  /** Number of photos. */
  readonly photos: number;
  /** Seconds. */
  readonly seconds: number;
  /** The most memory that the process had meanwhile, in bytes. */
  readonly memoryBytes: number;
  /** Objects in the cache at the end. */
  readonly objects: number;
}

/** What the section finds. */
export interface CdnCacheMetrics {
  /** Model of our files. */
  readonly model: string;
  /** Number of measured photos whose sizes are used. */
  readonly photos: number;
  /** The ways, in the order of tables. */
  readonly ways: readonly WayBytes[];
  /** Bytes of all files of AVIF in two files each. */
  readonly catalogueBytes: number;
  /** Every size of the cache, with LRU on the usual trace. */
  readonly sizes: readonly SimulatedCache[];
  /** Other traces, at the compared size with LRU. */
  readonly variations: readonly SimulatedCache[];
  /** Other policies, at the compared size; empty without libCacheSim. */
  readonly policies: readonly SimulatedCache[];
  /** Our layers with LRU, for more and more requests. */
  readonly timed: readonly TimedSimulation[];
}

/** The section's result. */
export type CdnCacheResult = SectionResult<CdnCacheSettings, CdnCacheMetrics>;

/**
 * The share of requests that a cache answered alone.
 *
 * @param counts What was counted.
 */
export function hitShare({ hits, requests }: EdgeCounts): number {
  return hits / requests;
}

/**
 * Bytes from the origin per request.
 *
 * @param counts What was counted.
 */
export function originBytesEach({ originBytes, requests }: EdgeCounts): number {
  return originBytes / requests;
}

/**
 * Bytes to clients per request.
 *
 * @param counts What was counted.
 */
export function clientBytesEach({ clientBytes, requests }: EdgeCounts): number {
  return clientBytes / requests;
}

/**
 * Processor time of the edge per request, for images that it makes itself.
 *
 * @param ways All ways.
 * @param simulated A cache of one of them.
 * @returns Milliseconds.
 */
export function edgeCpuEach(
  ways: readonly WayBytes[],
  { way, counts }: SimulatedCache,
): number {
  const { edgeCpuMs } = ways.find((row) => row.way === way)!;
  return edgeCpuMs * counts.mediums / counts.requests;
}

/**
 * A trace in words, by what is unusual in it.
 *
 * @param variation How it differs.
 * @returns Such as `"60 % medium, Zipf 1"`.
 */
export function traceName(variation: TraceVariation): string {
  const { exponent, mediumShare, together } = variation;
  const words = [
    ...exponent === undefined ? [] : [`Zipf ${exponent}`],
    ...mediumShare === undefined
      ? []
      : [`${Math.round(100 * mediumShare)} % medium`],
    ...together === undefined ? [] : [`sizes ${together}`],
  ];
  return words.length === 0 ? "usual" : words.join(", ");
}
