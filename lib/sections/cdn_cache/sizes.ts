/**
 * The photos' sizes in each way of storing them, as they were measured.
 *
 * @module
 */
import type { PhotoBytes } from "@/edge/objects.ts";
import type { CodecStorage } from "@/evaluation/types.ts";
import { ResultError } from "@/experiment/results.ts";
import { mean } from "@/metrics/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { EDGE_WAYS, type EdgeWayKey, type WayBytes } from "./types.ts";

/** A way with the sizes of each measured photo. */
export interface MeasuredWay extends WayBytes {
  /** In the order of the photos. */
  readonly photos: readonly PhotoBytes[];
}

/**
 * Finds the sizes of photos at a quality that all ways reach.
 *
 * @param storage What was measured.
 * @param quality Quality of our files.
 * @returns The ways that were measured, with the same photos each.
 * @throws {ResultError} If single photos were not kept, or none has this
 * quality.
 */
export function measuredWays(
  storage: CodecStorage,
  quality: number,
): MeasuredWay[] {
  const pairs = storage.photos?.filter((pair) => pair.quality === quality) ??
    [];
  const keys = (Object.keys(EDGE_WAYS) as EdgeWayKey[]).filter((key) =>
    pairs.some((pair) => findWay(pair.ways, key) !== undefined)
  );
  const shared = pairs.filter(({ ways }) =>
    keys.every((key) => findWay(ways, key) !== undefined)
  );
  if (!keys.includes("layers") || shared.length === 0) {
    throw new ResultError(
      `The results on storage hold no sizes of single photos at quality ` +
        `${quality}: run \`deno task measure storage\`.`,
    );
  }
  return keys.map((way) => {
    const found = shared.map(({ ways }) => findWay(ways, way)!);
    const row = findWay(storage.rows, way);
    return {
      way,
      storedBytes: mean(found.map(({ storedBytes }) => storedBytes)),
      mediumBytes: mean(found.map(({ mediumBytes }) => mediumBytes)),
      highBytes: mean(found.map(({ highBytes }) => highBytes)),
      edgeCpuMs: row?.serverCpuMs?.medium ?? 0,
      photos: found.map(({ mediumBytes, highBytes }) => ({
        medium: mediumBytes,
        high: highBytes,
      })),
    };
  });
}

function findWay<
  Stored extends { readonly way: string; readonly codec: string },
>(
  stored: readonly Stored[],
  key: EdgeWayKey,
): Stored | undefined {
  const { way, codec } = EDGE_WAYS[key];
  return stored.find((found) => found.way === way && found.codec === codec);
}

/** Number of photos of a trace after which their sizes repeat. */
const POOL = 4096;

/**
 * Gives photos of a trace the sizes of measured ones, at random, so that
 * popular photos are not always the same.
 *
 * @param photos The measured photos.
 * @param seed Decides which photo gets which sizes; the same for all ways.
 * @returns Sizes that the photos of a trace take in turn.
 */
export function sizesOfTrace(
  photos: readonly PhotoBytes[],
  seed: number,
): PhotoBytes[] {
  const random = seededRandom(seed, "photos");
  return Array.from(
    { length: POOL },
    () => photos[Math.floor(random() * photos.length)]!,
  );
}
