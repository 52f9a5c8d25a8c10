/**
 * WebP and AVIF as sharp makes them when only the quality is given: what most
 * servers do, faster than the settings that the others of this room have.
 */
import { decodeImage, type Pixels } from "@/images/mod.ts";
import type { Codec, QualityRange } from "./codec.ts";
import { assertQuality } from "./_quality.ts";
import { toBytes, toSharp } from "./_sharp.ts";

const range: QualityRange = { low: 1, high: 100, whole: true };
const qualities = [10, 30, 50, 70, 90];

/**
 * Lossy WebP at effort 4 of 6.
 *
 * @example
 * ```ts
 * import { webpDefault } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 3, height: 5, data: new Uint8Array(45).fill(128) };
 * const file = await webpDefault.encode(grey, 80);
 * assertEquals((await webpDefault.decode(file)).height, 5);
 * ```
 */
export const webpDefault: Codec = {
  name: "WebP, default effort",
  range,
  qualities,
  encode(pixels: Pixels, quality: number): Promise<Uint8Array> {
    assertQuality("WebP", range, quality);
    return toBytes(toSharp(pixels).webp({ quality }));
  },
  decode: decodeImage,
};

/**
 * AVIF at effort 4 of 9, 4:4:4.
 *
 * @example
 * ```ts
 * import { avifDefault } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 3, height: 5, data: new Uint8Array(45).fill(128) };
 * const file = await avifDefault.encode(grey, 80);
 * assertEquals((await avifDefault.decode(file)).height, 5);
 * ```
 */
export const avifDefault: Codec = {
  name: "AVIF, default effort",
  range,
  qualities,
  encode(pixels: Pixels, quality: number): Promise<Uint8Array> {
    assertQuality("AVIF", range, quality);
    return toBytes(toSharp(pixels).avif({ quality }));
  },
  decode: decodeImage,
};
