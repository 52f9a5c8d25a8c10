/**
 * Pairs of images in memory.
 *
 * The bytes are in shared memory, so that worker threads turn them into batches
 * without a copy of the whole.
 *
 * @module
 */
import type { Split } from "@/datasets/photos/photo_set.ts";
import { invalid } from "@/errors/invalid.ts";
import type { ImagePair } from "./crop.ts";

/** One of the two images of a pair. */
export type PairSize = "high" | "medium";

/** The pairs of one split. */
export interface Pairs {
  /** What the pairs are used for. */
  readonly split: Split;
  /** Number of pairs. */
  readonly count: number;
  /** The photo that each pair was cut from; several may share one. */
  readonly names: readonly string[];
  /** The side of the high images in pixels, such as 344. */
  readonly highSize: number;
  /** The side of the medium images in pixels, half of `highSize`. */
  readonly mediumSize: number;
  /**
   * Copies a high image.
   *
   * @param i Index of the pair, from 0.
   * @returns `[highSize, highSize, 3]`, 0..255.
   */
  high(i: number): Uint8Array;
  /**
   * Copies a medium image.
   *
   * @param i Index of the pair, from 0.
   * @returns `[mediumSize, mediumSize, 3]`, 0..255.
   */
  medium(i: number): Uint8Array;
}

/**
 * Pairs one after the other in shared memory: high 0, medium 0, high 1, ….
 *
 * @example
 * ```ts
 * import { SharedPairs } from "@/datasets/mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const pairs = SharedPairs.from("test", 2, ["dot"], [
 *   { high: new Uint8Array(12).fill(9), medium: new Uint8Array([7, 8, 9]) },
 * ]);
 * assertEquals(pairs.medium(0), new Uint8Array([7, 8, 9]));
 * ```
 */
export class SharedPairs implements Pairs {
  /** What the pairs are used for. */
  readonly split: Split;
  /** The photo that each pair was cut from. */
  readonly names: readonly string[];
  /** The side of the high images. */
  readonly highSize: number;
  /** All pairs, `names.length * pairBytes(highSize)` bytes. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;

  /**
   * Wraps packed pairs, which are not copied.
   *
   * @param split What the pairs are used for.
   * @param highSize The side of the high images in pixels.
   * @param names The photo that each pair was cut from.
   * @param bytes All pairs, one after the other.
   * @throws {RangeError} If the bytes do not have the expected length.
   */
  constructor(
    split: Split,
    highSize: number,
    names: readonly string[],
    bytes: Uint8Array<SharedArrayBuffer>,
  ) {
    if (bytes.length !== names.length * pairBytes(highSize)) {
      throw invalid(
        "bytes.length",
        `${names.length * pairBytes(highSize)}`,
        bytes.length,
      );
    }
    this.split = split;
    this.highSize = highSize;
    this.names = names;
    this.bytes = bytes;
  }

  /**
   * Packs single images.
   *
   * @param split What the pairs are used for.
   * @param highSize The side of the high images in pixels.
   * @param names The photo that each pair was cut from.
   * @param images The pairs, of the size that `highSize` asks for.
   * @returns The packed pairs.
   * @throws {RangeError} If an image has another size.
   */
  static from(
    split: Split,
    highSize: number,
    names: readonly string[],
    images: readonly ImagePair[],
  ): SharedPairs {
    const record = pairBytes(highSize);
    const bytes = new Uint8Array(new SharedArrayBuffer(images.length * record));
    images.forEach(({ high, medium }, i) => {
      const expected = [imageBytes(highSize), imageBytes(highSize / 2)];
      if (high.length !== expected[0] || medium.length !== expected[1]) {
        throw invalid(
          `The lengths of pair ${i}`,
          JSON.stringify(expected),
          [high.length, medium.length],
        );
      }
      bytes.set(high, i * record);
      bytes.set(medium, i * record + high.length);
    });
    return new SharedPairs(split, highSize, names, bytes);
  }

  /** Number of pairs. */
  get count(): number {
    return this.names.length;
  }

  /** The side of the medium images in pixels. */
  get mediumSize(): number {
    return this.highSize / 2;
  }

  /**
   * Copies a high image.
   *
   * @param i Index of the pair, from 0.
   * @returns `[highSize, highSize, 3]`, 0..255.
   */
  high(i: number): Uint8Array {
    return new Uint8Array(this.view("high", i));
  }

  /**
   * Copies a medium image.
   *
   * @param i Index of the pair, from 0.
   * @returns `[mediumSize, mediumSize, 3]`, 0..255.
   */
  medium(i: number): Uint8Array {
    return new Uint8Array(this.view("medium", i));
  }

  /**
   * An image in shared memory, not a copy.
   *
   * @param size Which image of the pair.
   * @param i Index of the pair, from 0.
   * @returns `[side, side, 3]`, 0..255.
   * @throws {RangeError} If there is no such pair.
   */
  view(size: PairSize, i: number): Uint8Array {
    if (!Number.isInteger(i) || i < 0 || i >= this.count) {
      throw invalid(
        `The index of a ${this.split} pair`,
        `a whole number below ${this.count}`,
        i,
      );
    }
    return viewPair(this.bytes, this.highSize, size, i);
  }
}

/**
 * The length of one image, `[side, side, 3]`, in bytes.
 *
 * @param side Width and height in pixels.
 * @returns `side * side * 3`.
 * @example
 * ```ts
 * import { imageBytes } from "./pairs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(imageBytes(344), 355_008);
 * ```
 */
export function imageBytes(side: number): number {
  return side * side * 3;
}

/**
 * The length of one pair in bytes.
 *
 * @param highSize The side of the high image in pixels.
 * @returns The length of the high image and of the medium one.
 * @example
 * ```ts
 * import { pairBytes } from "./pairs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pairBytes(344), 443_760);
 * ```
 */
export function pairBytes(highSize: number): number {
  return imageBytes(highSize) + imageBytes(highSize / 2);
}

/**
 * Finds an image among packed pairs.
 *
 * @param bytes Packed pairs, as in {@linkcode SharedPairs}.
 * @param highSize The side of the high images in pixels.
 * @param size Which image of the pair.
 * @param i Index of the pair, from 0.
 * @returns A view of the bytes, not a copy.
 * @example
 * ```ts
 * import { viewPair } from "./pairs.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array(30).map((_, i) => i);
 * assertEquals([...viewPair(bytes, 2, "medium", 1)], [27, 28, 29]);
 * ```
 */
export function viewPair(
  bytes: Uint8Array,
  highSize: number,
  size: PairSize,
  i: number,
): Uint8Array {
  const start = i * pairBytes(highSize);
  const high = imageBytes(highSize);
  return size === "high"
    ? bytes.subarray(start, start + high)
    : bytes.subarray(start + high, start + pairBytes(highSize));
}
