/**
 * Images as planes of floating-point numbers, one per channel.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/pixels.ts";

/** One channel of an image, row-major, `data.length === width * height`. */
export interface Plane {
  /** Samples in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height` samples. */
  readonly data: Float64Array;
}

/**
 * Checks that two images can be compared.
 *
 * @param a An image.
 * @param b Another image.
 * @throws {RangeError} If the sizes differ, or the data do not match a size.
 */
export function assertSameSize(a: Pixels, b: Pixels): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(
      `Cannot compare ${a.width}x${a.height} pixels with ${b.width}x${b.height}.`,
    );
  }
  for (const { width, height, data } of [a, b]) {
    if (data.length !== width * height * 3) {
      throw invalid(
        `The data of ${width}x${height} pixels`,
        `${width * height * 3} values`,
        data.length,
      );
    }
  }
}

/**
 * One channel of an image as a plane.
 *
 * @param pixels The image.
 * @param channel 0 for red, 1 for green, 2 for blue.
 * @returns `[height, width]`, 0..255.
 */
export function channelPlane(pixels: Pixels, channel: number): Plane {
  const { width, height } = pixels;
  const data = new Float64Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = pixels.data[i * 3 + channel]!;
  return { width, height, data };
}

/**
 * One row of a colour matrix, applied to each pixel.
 *
 * @param pixels The image.
 * @param row Weights of red, green and blue.
 * @returns `[height, width]`.
 */
export function projectPlane(
  { width, height, data }: Pixels,
  [red, green, blue]: readonly [number, number, number],
): Plane {
  const out = new Float64Array(width * height);
  for (let i = 0; i < out.length; i++) {
    out[i] = red * data[i * 3]! + green * data[i * 3 + 1]! +
      blue * data[i * 3 + 2]!;
  }
  return { width, height, data: out };
}

/**
 * Means of 2x2 blocks: `[height, width]` to `[ceil(height/2), ceil(width/2)]`.
 *
 * An odd side is padded with one line of zeros that counts as four samples'
 * worth: at the start for `pad: "start"` (what `avg_pool2d(padding=1)` of
 * PyTorch does, and so pytorch-msssim), at the end for `pad: "end"`.
 *
 * @param plane The plane.
 * @param pad The side that an odd plane is padded on.
 * @returns A new plane.
 */
export function halvePlane(plane: Plane, pad: "start" | "end"): Plane {
  const width = Math.ceil(plane.width / 2);
  const height = Math.ceil(plane.height / 2);
  const left = pad === "start" ? plane.width % 2 : 0;
  const top = pad === "start" ? plane.height % 2 : 0;
  const data = new Float64Array(width * height);
  for (let y = 0; y < plane.height; y++) {
    const row = ((y + top) >> 1) * width;
    for (let x = 0; x < plane.width; x++) {
      data[row + ((x + left) >> 1)]! += plane.data[y * plane.width + x]! / 4;
    }
  }
  return { width, height, data };
}
