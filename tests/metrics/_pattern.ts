/** Test images from integer arithmetic, the same on every machine. */
import type { Pixels } from "@/images/mod.ts";

/** Distance to the nearest multiple of 510: 0, 1, … 255, 254, … 0, 1, … */
function triangle(x: number): number {
  const phase = x % 510;
  return phase < 256 ? phase : 510 - phase;
}

/** Curved stripes that grow finer to the lower right, differing by channel. */
export function pattern(width: number, height: number): Pixels {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        const wave = x * x + 2 * y * y + (channel + 1) * x * y;
        data[(y * width + x) * 3 + channel] = triangle(
          (wave >> 5) + 40 * channel,
        );
      }
    }
  }
  return { width, height, data };
}

/** The same image with every 4x4 block set to its upper left pixel. */
export function blocky({ width, height, data }: Pixels): Pixels {
  const out = new Uint8Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = ((y & ~3) * width + (x & ~3)) * 3;
      out.set(data.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { width, height, data: out };
}

/** The same image with noise of up to `strength` levels either way. */
export function noisy(pixels: Pixels, strength: number, seed = 1): Pixels {
  let state = seed;
  const data = pixels.data.map((sample) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const noise = (state >>> 16) % (2 * strength + 1) - strength;
    return Math.min(255, Math.max(0, sample + noise));
  });
  return { ...pixels, data };
}

/** The same image moved towards mid grey: a quarter of the contrast is lost. */
export function dull(pixels: Pixels): Pixels {
  return {
    ...pixels,
    data: pixels.data.map((sample) => ((sample * 3) >> 2) + 32),
  };
}
