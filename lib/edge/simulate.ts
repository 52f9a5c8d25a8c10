/**
 * A cache between clients and the origin, simulated: requests for photos become
 * requests for objects, and what the cache answers is added up.
 *
 *     trace ─▶ photo, size ─▶ parts ─▶ cache ─▶ hits, bytes
 *
 * @module
 */
import { requireWhole } from "@/errors/invalid.ts";
import { type CacheForm, type PhotoBytes, photoParts } from "./objects.ts";
import type { CachePolicy } from "./policies.ts";
import type { Trace } from "./trace.ts";

/** What is simulated. */
export interface Simulation {
  /** How photos are cached. */
  readonly form: CacheForm;
  /** Sizes of measured photos, which the photos of a trace take in turn. */
  readonly pool: readonly PhotoBytes[];
  /** Length of a slice. */
  readonly sliceBytes: number;
  /** What an object takes in the cache beside its content, in bytes. */
  readonly overheadBytes: number;
  /** What an object takes is a multiple of this, as on disks; 1 by default. */
  readonly blockBytes?: number;
  /** Number of requests at the start that fill the cache and are not counted. */
  readonly warmUp?: number;
}

/** What was counted. */
export interface EdgeCounts {
  /** Requests of clients. */
  readonly requests: number;
  /** Requests whose objects were all in the cache. */
  readonly hits: number;
  /** Requests for the medium image. */
  readonly mediums: number;
  /** Bytes to clients. */
  readonly clientBytes: number;
  /** Requests to the origin. */
  readonly originRequests: number;
  /** Bytes from the origin. */
  readonly originBytes: number;
}

/** How to watch and to stop a simulation. */
export interface SimulationControls {
  /** Called after each block with the requests so far. */
  readonly onRequests?: (requests: number) => void;
  /** Stops it between two blocks. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a trace through a cache.
 *
 * @param trace The requests.
 * @param cache What keeps objects.
 * @param simulation How photos become objects.
 * @param controls How to watch and to stop it.
 * @returns What was counted after the warm-up.
 * @throws {RangeError} If the pool is empty.
 */
export async function simulateEdge(
  trace: Trace,
  cache: CachePolicy,
  simulation: Simulation,
  { onRequests, signal }: SimulationControls = {},
): Promise<EdgeCounts> {
  const { pool, warmUp = 0 } = simulation;
  requireWhole("the number of photos in the pool", pool.length, 1);
  const objects = objectsOf(simulation);
  const counts = {
    requests: 0,
    hits: 0,
    mediums: 0,
    clientBytes: 0,
    originRequests: 0,
    originBytes: 0,
  };
  let seen = 0;
  for await (const { photos, isHigh } of trace) {
    signal?.throwIfAborted();
    const asked = objects.list(photos, isHigh);
    const hits = await cache.ask(asked.ids, asked.costs);
    for (let i = 0, at = 0; i < photos.length; i++, seen++) {
      const { bytes, parts } = objects.of(photos[i]!, isHigh[i]!);
      const end = at + parts.length;
      if (seen < warmUp) {
        at = end;
        continue;
      }
      let missed = 0;
      for (let part = 0; at < end; at++, part++) {
        if (hits[at] === 1) continue;
        missed++;
        counts.originBytes += parts[part]!.bytes;
      }
      counts.requests++;
      if (missed === 0) counts.hits++;
      if (isHigh[i] === 0) counts.mediums++;
      counts.clientBytes += bytes;
      counts.originRequests += missed;
    }
    onRequests?.(seen);
    // Lets signals and the stop button through.
    await new Promise((done) => setTimeout(done));
  }
  return counts;
}

/** Lists objects of requests. */
function objectsOf(
  { form, pool, sliceBytes, overheadBytes, blockBytes = 1 }: Simulation,
) {
  const kinds = pool.map((photo) => {
    const parts = photoParts(form, photo, sliceBytes);
    return [
      { bytes: Math.ceil(photo.medium), parts: parts.medium },
      { bytes: Math.ceil(photo.high), parts: parts.high },
    ] as const;
  });
  // Ids of parts lie side by side, as many for each photo.
  const stride = Math.max(
    ...kinds.flatMap((sizes) =>
      sizes.flatMap(({ parts }) => parts.map(({ part }) => part + 1))
    ),
  );
  const of = (photo: number, isHigh: number) =>
    kinds[photo % kinds.length]![isHigh === 1 ? 1 : 0];
  const list = (photos: Uint32Array, isHigh: Uint8Array) => {
    let count = 0;
    for (let i = 0; i < photos.length; i++) {
      count += of(photos[i]!, isHigh[i]!).parts.length;
    }
    const ids = new Float64Array(count), costs = new Uint32Array(count);
    for (let i = 0, at = 0; i < photos.length; i++) {
      for (const { part, bytes } of of(photos[i]!, isHigh[i]!).parts) {
        ids[at] = photos[i]! * stride + part;
        costs[at++] = blockBytes *
          Math.ceil((bytes + overheadBytes) / blockBytes);
      }
    }
    return { ids, costs };
  };
  return { of, list };
}
