/**
 * Segments of a clip: runs of frames without a cut between them.
 *
 * @module
 */
import { type Random, randomInteger } from "@/random/seeded_random.ts";

/** Score from which on a frame begins another scene, in percent. */
const CUT_SCORE = 10;

/** Which segments are wanted. */
export interface SegmentPlan {
  /** Frames in each. */
  readonly frames: number;
  /** Maximum number of segments. */
  readonly most: number;
  /** Decides which ones are kept if there are more. */
  readonly random: Random;
}

/**
 * The mean difference of two frames.
 *
 * @param before A frame, 0..255.
 * @param frame The next one, of the same size.
 * @returns Percent of the range.
 */
export function frameDifference(
  before: Uint8Array,
  frame: Uint8Array,
): number {
  let sum = 0;
  for (let i = 0; i < frame.length; i++) {
    sum += Math.abs(frame[i]! - before[i]!);
  }
  return 100 * sum / (255 * frame.length);
}

/**
 * Cuts a clip into segments that do not overlap, and keeps some of them, each
 * with the same probability. Memory holds those that are kept.
 *
 * A cut is where the difference to the frame before is large, and much larger
 * than the one before that: the score of ffmpeg's filter `scdet`. So fast
 * motion alone makes none.
 *
 * @param frames The frames, in order.
 * @param plan Which segments are wanted.
 * @returns The segments in order, each frame after frame.
 */
export async function takeSegments(
  frames: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { frames: length, most, random }: SegmentPlan,
): Promise<Uint8Array[]> {
  const kept: { readonly index: number; readonly frames: Uint8Array[] }[] = [];
  let [run, last]: [Uint8Array[], Uint8Array | undefined] = [[], undefined];
  let [difference, seen] = [0, 0];
  for await (const frame of frames) {
    const next: number = last === undefined ? 0 : frameDifference(last, frame);
    if (Math.min(next, Math.abs(next - difference)) >= CUT_SCORE) run = [];
    [last, difference] = [frame, next];
    run.push(frame);
    if (run.length < length) continue;
    // Algorithm R: J. S. Vitter, "Random Sampling with a Reservoir", 1985.
    const segment = { index: seen++, frames: run };
    const place = kept.length < most
      ? kept.length
      : randomInteger(random, 0, seen - 1);
    if (place < most) kept[place] = segment;
    run = [];
  }
  return kept.toSorted((a, b) => a.index - b.index).map(({ frames }) => {
    const bytes = new Uint8Array(length * frames[0]!.length);
    frames.forEach((frame, i) => bytes.set(frame, i * frame.length));
    return bytes;
  });
}
