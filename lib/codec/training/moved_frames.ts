/**
 * What the networks for clips are trained on: frames, and those before them,
 * moved to where their parts are now.
 *
 * @module
 */
import { searchMotion, toWholePlanes } from "@/codec/encode/search_motion.ts";
import { COLOURS } from "@/codec/transform/colour_dct.ts";
import {
  GREY_PARTS,
  MOVED_SIDE,
  movePlanes,
  type Planes,
} from "@/codec/transform/motion.ts";
import type { Segments } from "@/datasets/mod.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { imageTensor } from "@/training/mod.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { lambdaAt } from "@/codec/model/quality.ts";
import type { RateInputs } from "./rate_pass.ts";

/** A frame and the previous one, `[side, side, 3]`, 0..255. */
export interface MovedFrame {
  /** The frame. */
  readonly frame: Uint8Array;
  /** The previous frame, not moved. */
  readonly still: Uint8Array;
  /** The previous frame, moved. */
  readonly moved: Uint8Array;
}

/** The share of frames whose previous frame is not moved. */
const STILL_SHARE = 0.25;

/**
 * Searches for motion in segments of two frames, forwards and backwards.
 *
 * @param segments The segments; sides are multiples of 32.
 * @param onProgress Receives the number of segments that are done.
 * @returns Two frames for each segment.
 */
export async function moveFrames(
  segments: Segments,
  onProgress?: OnProgress,
): Promise<MovedFrame[]> {
  const { count, side } = segments;
  const length = side * side * 3;
  const progress = countProgress("Searching for motion", count, onProgress);
  const found: MovedFrame[] = [];
  for (let i = 0; i < count; i++) {
    const segment = segments.view(i);
    const frames = [0, 1].map((t) =>
      segment.subarray(t * length, (t + 1) * length)
    );
    const planes = frames.map((frame) => toWholePlanes(frame, side, side));
    for (const [from, to] of [[0, 1], [1, 0]] as const) {
      const vectors = searchMotion(planes[from]!, planes[to]!);
      const moved = movePlanes(planes[from]!, vectors, MOVED_SIDE);
      found.push({
        frame: frames[to]!,
        still: frames[from]!,
        moved: toPixelBytes(moved),
      });
    }
    progress(i + 1);
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return found;
}

function toPixelBytes({ values }: Planes): Uint8Array {
  const pixels = values.length / 3;
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) {
      let sum = 127.5;
      COLOURS.forEach((weights, axis) =>
        sum += weights[c]! * values[axis * pixels + i]! / GREY_PARTS
      );
      bytes[3 * i + c] = sum;
    }
  }
  return new Uint8Array(bytes.buffer);
}

/** Which frames are drawn, and how. */
export interface DrawnFrames {
  /** Side of the frames in pixels. */
  readonly side: number;
  /** Side of the window that is cut from each; a multiple of 64. */
  readonly window: number;
  /** Number of windows. */
  readonly count: number;
  /** Draws numbers in 0..1. */
  readonly random: () => number;
  /** Draws the place in `COARSENESS`. */
  readonly coarseness: (random: number) => number;
}

/**
 * Draws windows, half of them mirrored.
 *
 * @param frames From {@linkcode moveFrames}.
 * @param drawn How.
 * @returns Tensors, to be disposed.
 */
export function drawFrames(
  frames: readonly MovedFrame[],
  { side, window, count, random, coarseness }: DrawnFrames,
): Required<RateInputs> {
  const length = window * window * 3;
  const high = new Float32Array(count * length);
  const before = new Float32Array(count * length);
  const levels: number[] = [], places: number[] = [];
  for (let i = 0; i < count; i++) {
    const { frame, still, moved } =
      frames[randomInteger(random, 0, frames.length - 1)]!;
    const top = randomInteger(random, 0, side - window);
    const left = randomInteger(random, 0, side - window);
    const isMirrored = random() < 0.5;
    const earlier = random() < STILL_SHARE ? still : moved;
    levels.push(random());
    places.push(coarseness(random()));
    for (let at = 0; at < length; at += 3) {
      const y = Math.floor(at / 3 / window), x = at / 3 % window;
      const column = left + (isMirrored ? window - 1 - x : x);
      const from = ((top + y) * side + column) * 3;
      for (let c = 0; c < 3; c++) {
        high[i * length + at + c] = frame[from + c]! / 255;
        before[i * length + at + c] = earlier[from + c]! / 255;
      }
    }
  }
  return toInputs(high, before, window, levels, places);
}

/**
 * The whole of a frame at a level.
 *
 * @param frame The frame.
 * @param side Its side in pixels, a multiple of 64.
 * @param level Its quality, 0..1.
 * @param coarseness Place in `COARSENESS`.
 * @returns Tensors, to be disposed.
 */
export function wholeFrame(
  { frame, moved }: MovedFrame,
  side: number,
  level: number,
  coarseness: number,
): Required<RateInputs> {
  const values = (bytes: Uint8Array) =>
    Float32Array.from(bytes, (value) => value / 255);
  return toInputs(values(frame), values(moved), side, [level], [coarseness]);
}

function toInputs(
  high: Float32Array,
  before: Float32Array,
  side: number,
  levels: readonly number[],
  coarseness: readonly number[],
): Required<RateInputs> {
  return {
    high: imageTensor(high, side),
    before: imageTensor(before, side),
    level: tf.tensor2d([...levels], [levels.length, 1]),
    lambda: tf.tensor1d(levels.map(lambdaAt)),
    coarse: tf.tensor2d(coarseness.map((i) => [...COARSENESS[i]!])),
    coarseness: tf.tensor2d(
      coarseness.map((i) => i / (COARSENESS.length - 1)),
      [levels.length, 1],
    ),
  };
}

/**
 * Draws the numbers of a step.
 *
 * @param seed The run's seed.
 * @param step Counted from 1.
 * @returns Draws numbers in 0..1.
 */
export function stepRandom(seed: number, step: number): () => number {
  return seededRandom(seed, "moved frames", step);
}
