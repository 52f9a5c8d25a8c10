/**
 * Pairs of images in memory.
 *
 * The bytes lie in shared memory, so that worker threads turn them into batches
 * without a copy of the whole.
 *
 * @module
 */
import type { Split } from "@/datasets/photos/photo_set.ts";

/** Which image of a pair. */
export type PairSize = "high" | "medium";

/** The pairs of one split. */
export interface Pairs {
  /** What they are used for. */
  readonly split: Split;
  /** How many there are. */
  readonly count: number;
  /** The photo that each pair was cut from; several may share one. */
  readonly names: readonly string[];
  /** The side of the high images, such as 344. */
  readonly highSize: number;
  /** The side of the medium images, half of it. */
  readonly mediumSize: number;
  /** A copy of the high image `i`, `[highSize, highSize, 3]`, 0..255. */
  high(i: number): Uint8Array;
  /** A copy of the medium image `i`, `[mediumSize, mediumSize, 3]`, 0..255. */
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
  /** All pairs, `names.length * pairBytes(highSize)` of them. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;

  /** Takes the bytes as they are. */
  constructor(
    split: Split,
    highSize: number,
    names: readonly string[],
    bytes: Uint8Array<SharedArrayBuffer>,
  ) {
    if (bytes.length !== names.length * pairBytes(highSize)) {
      throw new RangeError(
        `${names.length} pairs of ${highSize} need ` +
          `${names.length * pairBytes(highSize)} bytes, not ${bytes.length}`,
      );
    }
    this.split = split;
    this.highSize = highSize;
    this.names = names;
    this.bytes = bytes;
  }

  /** Packs single images; each must have the size that `highSize` asks for. */
  static from(
    split: Split,
    highSize: number,
    names: readonly string[],
    images: readonly { high: Uint8Array; medium: Uint8Array }[],
  ): SharedPairs {
    const record = pairBytes(highSize);
    const bytes = new Uint8Array(
      new SharedArrayBuffer(images.length * record),
    );
    images.forEach(({ high, medium }, i) => {
      if (high.length !== imageBytes(highSize)) {
        throw new RangeError(
          `A high image of ${highSize} needs ${imageBytes(highSize)} values, ` +
            `not ${high.length}`,
        );
      }
      bytes.set(high, i * record);
      bytes.set(medium, i * record + high.length);
    });
    return new SharedPairs(split, highSize, names, bytes);
  }

  /** How many pairs there are. */
  get count(): number {
    return this.names.length;
  }

  /** The side of the medium images. */
  get mediumSize(): number {
    return this.highSize / 2;
  }

  /** A copy of the high image `i`. */
  high(i: number): Uint8Array {
    return new Uint8Array(this.view("high", i));
  }

  /** A copy of the medium image `i`. */
  medium(i: number): Uint8Array {
    return new Uint8Array(this.view("medium", i));
  }

  /** An image where it lies, not a copy. */
  view(size: PairSize, i: number): Uint8Array {
    if (!Number.isInteger(i) || i < 0 || i >= this.count) {
      throw new RangeError(
        `Pair ${i} does not exist; the ${this.split} split has ${this.count}`,
      );
    }
    return viewPair(this.bytes, this.highSize, size, i);
  }
}

/**
 * The bytes of one image, `[side, side, 3]`.
 *
 * @param side In pixels.
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
 * The bytes of one pair.
 *
 * @param highSize The side of the high image.
 * @returns Those of the high image and of the medium one.
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
 * @param bytes As in {@linkcode SharedPairs}.
 * @param highSize The side of the high images.
 * @param size Which image of the pair.
 * @param i Which pair.
 * @returns A view, not a copy.
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
