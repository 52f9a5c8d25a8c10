/**
 * Made traces: photos whose popularity follows Zipf's law, each asked for in
 * two sizes.
 *
 * Web traffic has exponents of 0.6 to 0.8 (D. Wessels, Web Caching, appendix A);
 * Facebook's edge sees photos after browsers' caches took 65.5 % of the requests
 * (Q. Huang et al., An Analysis of Facebook Photo Caching, SOSP 2013).
 *
 * @module
 */
import { invalid, requireWhole } from "@/errors/invalid.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { TRACE_BLOCK, type TraceBlock } from "./trace.ts";

/**
 * How the sizes of one photo go together: each photo is asked for in one of them
 * only, each request is for either, or the photo follows its medium image at
 * once. What real clients do is between the first and the last.
 */
export type Togetherness = "apart" | "independent" | "together";

/** What a made trace is like. */
export interface SyntheticTrace {
  /** Number of photos. */
  readonly photos: number;
  /** Number of requests. */
  readonly requests: number;
  /** Zipf's exponent: photo n is asked for in proportion to 1 / n ^ exponent. */
  readonly exponent: number;
  /** The share of requests for the medium image, 0 to 1. */
  readonly mediumShare: number;
  /** How the sizes of one photo go together. */
  readonly together: Togetherness;
  /** Decides the requests. */
  readonly seed: number;
}

/**
 * Makes a trace, a block at a time.
 *
 * @param settings What it is like.
 * @returns Its requests; photo 0 is the most popular one.
 * @throws {RangeError} If a setting is out of range.
 */
export function* syntheticTrace(
  settings: SyntheticTrace,
): Generator<TraceBlock> {
  const { photos, requests, exponent, mediumShare, together, seed } = settings;
  requireWhole("photos", photos, 1, 2 ** 32 - 1);
  requireWhole("requests", requests, 0);
  if (!(exponent >= 0)) throw invalid("exponent", "at least 0", exponent);
  if (!(mediumShare >= 0 && mediumShare <= 1)) {
    throw invalid("mediumShare", "from 0 to 1", mediumShare);
  }
  const random = seededRandom(seed, "trace");
  const draw = zipf(photos, exponent, random);
  const ofPhoto = seededRandom(seed, "sizes");
  const sizes = together === "apart"
    ? Uint8Array.from({ length: photos }, () => +(ofPhoto() >= mediumShare))
    : undefined;
  // Visits: both sizes, or the more frequent one alone.
  const rare = Math.min(mediumShare, 1 - mediumShare);
  const pairShare = rare / (1 - rare);
  const usual = mediumShare >= 0.5 ? 0 : 1;
  let pending = -1;
  for (let done = 0; done < requests; done += TRACE_BLOCK) {
    const count = Math.min(TRACE_BLOCK, requests - done);
    const block = {
      photos: new Uint32Array(count),
      isHigh: new Uint8Array(count),
    };
    for (let i = 0; i < count; i++) {
      if (pending >= 0) {
        block.photos[i] = pending;
        block.isHigh[i] = 1;
        pending = -1;
        continue;
      }
      const photo = draw();
      block.photos[i] = photo;
      if (together === "together") {
        const isPair = random() < pairShare;
        block.isHigh[i] = isPair ? 0 : usual;
        if (isPair) pending = photo;
      } else {
        block.isHigh[i] = sizes?.[photo] ?? +(random() >= mediumShare);
      }
    }
    yield block;
  }
}

/** Draws numbers from 0 whose frequencies follow Zipf's law. */
function zipf(
  count: number,
  exponent: number,
  random: () => number,
): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) sums[i] = sum += (i + 1) ** -exponent;
  return () => {
    const wanted = random() * sum;
    let low = 0, high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
