/**
 * Batches of segments for training.
 *
 * @module
 */
import { batchOrder } from "@/datasets/batches/batch_order.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import type { Segments } from "./prepare_clips.ts";

/** Segments of one training step. */
export interface SegmentBatch {
  /** Which segments. */
  readonly indices: readonly number[];
  /** `[n, frames, side, side, 3]` in 0..1, one segment after the other. */
  readonly values: Float32Array;
}

/** What {@linkcode segmentBatches} gives. */
export interface SegmentBatchOptions {
  /** Segments in each batch. */
  readonly batchSize: number;
  /** Decides the order, and which segments are mirrored or run backwards. */
  readonly seed: number;
  /** The first step, counted from 1. */
  readonly firstStep: number;
  /** The last one. */
  readonly lastStep: number;
}

/**
 * The batches of a training run: each segment once in an epoch, half of them
 * mirrored, and half backwards.
 *
 * @param segments The segments.
 * @param options Which steps.
 * @yields One batch for each step; the same whatever the first step is.
 */
export function* segmentBatches(
  segments: Segments,
  { batchSize, seed, firstStep, lastStep }: SegmentBatchOptions,
): Generator<SegmentBatch> {
  const { frames, side } = segments;
  const length = frames * side * side * 3;
  for (let step = firstStep; step <= lastStep; step++) {
    const perEpoch = Math.max(1, Math.floor(segments.count / batchSize));
    const epoch = Math.ceil(step / perEpoch);
    const order = batchOrder(segments.count, batchSize, seed, epoch);
    const indices = order[(step - 1) % perEpoch]!;
    const random = seededRandom(seed, "segments", step);
    const values = new Float32Array(indices.length * length);
    indices.forEach((index, i) => {
      const turned = { mirrored: random() < 0.5, backwards: random() < 0.5 };
      copySegment(
        segments.view(index),
        side,
        turned,
        values.subarray(i * length, (i + 1) * length),
      );
    });
    yield { indices, values };
  }
}

/** Copies a segment and turns it around. */
function copySegment(
  segment: Uint8Array,
  side: number,
  { mirrored, backwards }: { mirrored: boolean; backwards: boolean },
  into: Float32Array,
): void {
  const frameBytes = side * side * 3;
  const frames = segment.length / frameBytes;
  for (let t = 0; t < frames; t++) {
    const from = (backwards ? frames - 1 - t : t) * frameBytes;
    for (let i = 0; i < frameBytes; i += 3) {
      const x = i / 3 % side;
      const source = mirrored ? i + 3 * (side - 1 - 2 * x) : i;
      for (let channel = 0; channel < 3; channel++) {
        into[t * frameBytes + i + channel] = segment[from + source + channel]! /
          255;
      }
    }
  }
}
