import { resizeImage } from "@/images/mod.ts";
import { doubleSize, type Interpolation } from "@/models/enlarging/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { maxDifference } from "../_images.ts";

/** Keys' cubic with a = -1/2, and Lanczos' with three lobes. */
const curves: Record<Interpolation, (x: number) => number> = {
  bicubic: (x) => {
    const [a, t] = [-0.5, Math.abs(x)];
    if (t <= 1) return (a + 2) * t ** 3 - (a + 3) * t ** 2 + 1;
    return t < 2 ? a * t ** 3 - 5 * a * t ** 2 + 8 * a * t - 4 * a : 0;
  },
  lanczos3: (x) => {
    if (x === 0) return 1;
    const p = Math.PI * x;
    return Math.abs(x) < 3 ? 3 * Math.sin(p) * Math.sin(p / 3) / p ** 2 : 0;
  },
};

/** A line of numbers at twice its length, straight from the definition. */
function doubleLine(
  line: readonly number[],
  curve: (x: number) => number,
): number[] {
  return Array.from({ length: 2 * line.length }, (_, i) => {
    const at = (i + 0.5) / 2 - 0.5;
    let sum = 0, total = 0;
    for (let from = Math.floor(at) - 4; from <= at + 4; from++) {
      const weight = curve(at - from);
      sum += weight * line[Math.min(line.length - 1, Math.max(0, from))]!;
      total += weight;
    }
    return sum / total;
  });
}

/** Rows, then columns, of `[height][width]`. */
function doubleGrid(
  grid: readonly (readonly number[])[],
  curve: (x: number) => number,
): number[][] {
  const wide = grid.map((row) => doubleLine(row, curve));
  const columns = wide[0]!.map((_, x) =>
    doubleLine(wide.map((row) => row[x]!), curve)
  );
  return columns[0]!.map((_, y) => columns.map((column) => column[y]!));
}

for (const interpolation of ["bicubic", "lanczos3"] as const) {
  Deno.test(`${interpolation} interpolation is what its definition says`, () => {
    tf.tidy(() => {
      const images = tf.randomUniform(
        [2, 4, 5, 3],
        0,
        1,
        "float32",
        7,
      ) as tf.Tensor4D;
      const planes = images.transpose([0, 3, 1, 2])
        .arraySync() as number[][][][];
      const expected = tf.tensor4d(
        planes.map((image) =>
          image.map((plane) => doubleGrid(plane, curves[interpolation]))
        ),
      ).transpose([0, 2, 3, 1]) as tf.Tensor4D;
      const doubled = doubleSize(images, interpolation);
      assertEquals(doubled.shape, [2, 8, 10, 3]);
      assertLess(maxDifference(doubled, expected), 1e-5);
    });
  });
}

Deno.test("bicubic weights a quarter beside a pixel are those of the textbook", () => {
  const before = tf.memory().numTensors;
  // A line of one pixel among zeros shows the weights themselves.
  const values = tf.tidy(() => {
    const dot = tf.tensor4d([0, 0, 0, 1, 0, 0, 0], [1, 1, 7, 1]);
    const images = dot.tile([1, 1, 1, 3]) as tf.Tensor4D;
    return doubleSize(images, "bicubic").slice([0, 0, 3, 1], [1, 1, 8, 1])
      .dataSync();
  });
  const weights = [-0.0234375, -0.0703125, 0.2265625, 0.8671875];
  [...weights, ...weights.toReversed()].forEach((weight, i) =>
    assertAlmostEquals(values[i]!, weight, 1e-6)
  );
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("libvips takes bicubic for Lanczos, and lies half a new pixel aside", async () => {
  const [width, height] = [12, 4];
  const data = new Uint8Array(width * height * 3);
  data.forEach((_, i) => data[i] = 20 * (Math.floor(i / 3) % width));
  const ramp = { width, height, data };
  const lanczos = await resizeImage(ramp, 24, 8, "lanczos3");
  assertEquals(lanczos, await resizeImage(ramp, 24, 8, "cubic"));
  const ours = tf.tidy(() =>
    doubleSize(
      tf.tensor4d(Float32Array.from(data), [1, height, width, 3]),
      "bicubic",
    ).slice([0, 4, 0, 0], [1, 1, 24, 1]).dataSync()
  );
  // A new pixel is a step of 10.
  for (let x = 6; x < 18; x++) {
    const theirs = lanczos.data[(4 * 24 + x) * 3]!;
    assertAlmostEquals(ours[x]!, 10 * x - 5, 1e-3);
    assertAlmostEquals(theirs, 10 * x - 10, 1);
  }
});
