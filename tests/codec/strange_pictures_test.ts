/** The published weights on pictures that are no photos. */
import {
  decodeImage,
  encodeImage,
  loadModel,
  readWeights,
} from "@/codec/mod.ts";
import { halveImage } from "@/images/mod.ts";
import type { Pixels } from "@/images/pixels.ts";
import { psnr } from "@/metrics/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertGreater } from "@std/assert";

const WEIGHTS = new URL(
  "../../results/codec/weights.safetensors",
  import.meta.url,
);
const QUALITIES = [10, 55, 100];
const SIDE = 64;
const random = seededRandom("strange pictures");

/** Values in 0..255 of a pixel's colours; others are clipped. */
const PICTURES: Record<string, (y: number, x: number, c: number) => number> = {
  checker: (y, x) => 128 + ((y + x) % 2 === 0 ? 80 : -80),
  noise: () => 256 * random(),
  dither: (y, x) => random() < (y + x) / (2 * SIDE) ? 255 : 0,
  text: (y, x) => y % 12 < 8 && (x * 7 + (y >> 2) * 5) % 11 < 3 ? 0 : 255,
  "hot pixels": (y, x, c) =>
    (y * 31 + x * 17) % 199 === 0 ? 255 : 6 + 4 * random() + c,
};

/** The grey level of each colour that is the nearest to all pixels. */
function flatMean({ data }: Pixels): Uint8Array {
  const sums = [0, 0, 0];
  data.forEach((value, i) => sums[i % 3]! += value);
  return data.map((_, i) => Math.round(3 * sums[i % 3]! / data.length));
}

Deno.test("strange pictures get better with the quality, and are never worse than a flat mean", async () => {
  const loaded = loadModel(readWeights(await Deno.readFile(WEIGHTS)));
  for (const [name, draw] of Object.entries(PICTURES)) {
    const data = Uint8ClampedArray.from(
      { length: SIDE * SIDE * 3 },
      (_, i) => {
        const pixel = Math.floor(i / 3);
        return draw(Math.floor(pixel / SIDE), pixel % SIDE, i % 3);
      },
    );
    const high = { width: SIDE, height: SIDE, data: Uint8Array.from(data) };
    const medium = await halveImage(high);
    let before = psnr(flatMean(high), high.data);
    for (const quality of QUALITIES) {
      const file = await encodeImage(loaded, high, { quality });
      const made = await decodeImage(loaded, file, { size: "both" });
      const found = psnr(made.high!.data, high.data);
      assertGreater(found, before, `${name} at ${quality}`);
      before = found;
      // Its mean is rounded; one that is flat is only as good as its quality.
      const flat = psnr(flatMean(medium), medium.data);
      const least = Math.min(flat - 0.1, 40);
      const small = psnr(made.medium!.data, medium.data);
      assertGreater(small, least, `${name}, medium, at ${quality}`);
    }
  }
  loaded.dispose();
});
