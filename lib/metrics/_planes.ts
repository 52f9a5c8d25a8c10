import type { Pixels } from "@/images/mod.ts";

/** One channel of an image, row-major, `data.length === width * height`. */
export interface Plane {
  /** Samples in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height` samples. */
  readonly data: Float64Array;
}

/** Throws unless both images have one size and as many samples as it needs. */
export function assertSameSize(a: Pixels, b: Pixels): void {
  if (a.width !== b.width || a.height !== b.height) {
    throw new RangeError(
      `Cannot compare ${a.width}x${a.height} pixels with ${b.width}x${b.height}`,
    );
  }
  for (const { width, height, data } of [a, b]) {
    if (data.length !== width * height * 3) {
      throw new RangeError(
        `${width}x${height} RGB pixels need ${width * height * 3} samples, ` +
          `got ${data.length}`,
      );
    }
  }
}

/** Red, green or blue (0, 1, 2) as a plane in 0..255. */
export function channelPlane(pixels: Pixels, channel: number): Plane {
  const { width, height } = pixels;
  const data = new Float64Array(width * height);
  for (let i = 0; i < data.length; i++) data[i] = pixels.data[i * 3 + channel]!;
  return { width, height, data };
}

/**
 * Means of 2x2 blocks: `[height, width]` to `[ceil(height/2), ceil(width/2)]`.
 *
 * An odd side is padded with one line of zeros that counts as four samples'
 * worth: at the start for `pad: "start"` (what `avg_pool2d(padding=1)` of
 * PyTorch comes to, and so pytorch-msssim), at the end for `pad: "end"`.
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
