/**
 * Pictures that are no photos, on which learned codecs are known to run away: a
 * higher quality must not make them worse, and no file may be worse than an
 * even grey.
 *
 * @module
 */
import { encodeNearSize, jpeg } from "@/baselines/mod.ts";
import { decodeImage, encodeImage, type LoadedModel } from "@/codec/mod.ts";
import type { Table } from "@/charts/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import { finiteDb, psnr } from "@/metrics/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";

/** A value in 0..255 of a pixel's colour; others are clipped. */
type Draw = (y: number, x: number, colour: number) => number;

/**
 * Draws strange pictures: checkers of single pixels, noise, dither, what looks
 * like small text, thin lines, and a dark picture with hot pixels.
 *
 * @param side Of the pictures in pixels.
 * @returns The pictures by their names.
 */
export function strangePictures(side: number): Map<string, Pixels> {
  const random = seededRandom("strange pictures");
  const drawings: Record<string, Draw> = {
    checkers: (y, x) => 128 + ((y + x) % 2 === 0 ? 80 : -80),
    noise: () => 256 * random(),
    dither: (y, x) => random() < (y + x) / (2 * side) ? 255 : 0,
    text: (y, x) => y % 12 < 8 && (x * 7 + (y >> 2) * 5) % 11 < 3 ? 0 : 255,
    "line art": (y, x) =>
      Math.hypot(y - side / 2, x - side / 2) % 9 < 1 ||
        Math.abs(3 * x - 2 * y) % 31 < 2
        ? 0
        : 255,
    "hot pixels": (y, x, c) =>
      (y * 31 + x * 17) % 199 === 0 ? 255 : 6 + 4 * random() + c,
  };
  return new Map(
    Object.entries(drawings).map(([name, draw]) => {
      const data = Uint8ClampedArray.from(
        { length: side * side * 3 },
        (_, i) => {
          const pixel = Math.floor(i / 3);
          return draw(Math.floor(pixel / side), pixel % side, i % 3);
        },
      );
      const pixels = { width: side, height: side, data: Uint8Array.from(data) };
      return [name, pixels];
    }),
  );
}

/**
 * The even picture that is nearest to another one.
 *
 * @param picture The picture.
 * @returns Its mean colour, rounded, at every pixel.
 */
export function flatPicture({ data, ...size }: Pixels): Pixels {
  const sums = [0, 0, 0];
  data.forEach((value, i) => sums[i % 3]! += value);
  return {
    ...size,
    data: data.map((_, i) => Math.round(3 * sums[i % 3]! / data.length)),
  };
}

/**
 * Encodes strange pictures beside JPEG files of about the same bytes.
 *
 * @param loaded The model.
 * @param qualities 1..100, rising.
 * @param side Of the pictures in pixels.
 * @returns One row per picture and quality.
 */
export async function strangeTable(
  loaded: LoadedModel,
  qualities: readonly number[],
  side: number = 128,
): Promise<Table> {
  const rows: (string | number)[][] = [];
  for (const [name, picture] of strangePictures(side)) {
    const decibels = ({ data }: Pixels) => finiteDb(psnr(data, picture.data));
    for (const quality of qualities) {
      const file = await encodeImage(loaded, picture, { quality });
      const { high } = await decodeImage(loaded, file);
      const near = await encodeNearSize(jpeg, picture, file.length);
      rows.push([
        ...[name, quality, file.length, decibels(high!)],
        ...[near.bytes.length, decibels(await jpeg.decode(near.bytes))],
        decibels(flatPicture(picture)),
      ]);
    }
  }
  return {
    caption: `Pictures that are no photos, ${side} × ${side} pixels`,
    columns: [
      { title: "" },
      { title: "Quality", digits: 0 },
      { title: "Ours (bytes)", digits: 0 },
      { title: "Ours (dB)", digits: 1 },
      { title: "JPEG (bytes)", digits: 0 },
      { title: "JPEG (dB)", digits: 1 },
      { title: "Even colour (dB)", digits: 1 },
    ],
    rows,
  };
}
