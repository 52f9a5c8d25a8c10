/**
 * Small images whose every pixel is known.
 *
 * @module
 */
import sharp, { type Sharp } from "sharp";

import type { Pixels } from "@/images/mod.ts";

/** An image of one colour. */
export function plain(
  width: number,
  height: number,
  colour: readonly [number, number, number],
): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3]!;
  return { width, height, data };
}

/** An image of noise, the same at every call. */
export function noise(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  let state = 12345;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    data[i] = state >>> 24;
  }
  return { width, height, data };
}

/** Opens raw samples in sharp, 8 or 16 bits deep by their type. */
export function raw(
  data: Uint8Array | Uint16Array,
  width: number,
  height: number,
  channels: 1 | 2 | 3 | 4,
): Sharp {
  return sharp(data, { raw: { width, height, channels } });
}

/** Opens pixels in sharp. */
export function open({ data, width, height }: Pixels): Sharp {
  return raw(data, width, height, 3);
}

/** The largest difference between two equally long lists of values. */
export function largestDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);
}
