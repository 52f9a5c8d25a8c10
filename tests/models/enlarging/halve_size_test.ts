import { resizeImage } from "@/images/mod.ts";
import { doubleSize, halveSize, matchMedium } from "@/models/enlarging/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { toPixels } from "@/training/mod.ts";
import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import { smoothImages } from "../_images.ts";

Deno.test("halving is what libvips does with its Lanczos filter", async () => {
  const images = smoothImages(1, 32);
  const [photo] = toPixels(images);
  const values = tf.tensor4d(photo!.data, [1, 32, 32, 3]).div(255);
  const half = halveSize(values as tf.Tensor4D);
  assertEquals(half.shape, [1, 16, 16, 3]);
  const expected = await resizeImage(photo!, 16, 16);
  toPixels(half)[0]!.data.forEach((value, i) =>
    assertAlmostEquals(value, expected.data[i]!, 1)
  );
});

Deno.test("matched images scale down to the medium ones, better with each pass", () => {
  tf.tidy(() => {
    const high = tf.randomUniform([2, 24, 20, 3], 0.2, 0.8, "float32", 3);
    const medium = halveSize(high as tf.Tensor4D);
    const smooth = doubleSize(medium, "lanczos3");
    const error = (passes: number) =>
      halveSize(matchMedium(smooth, medium, passes)).sub(medium).square()
        .mean().sqrt().dataSync()[0]!;
    const errors = [0, 1, 2, 3, 8].map(error);
    errors.slice(1).forEach((value, i) => assertLess(value, 0.8 * errors[i]!));
    assertLess(errors[4]!, 2e-3);
    // An image that already matches stays as it is.
    const same = matchMedium(high as tf.Tensor4D, medium, 2);
    assertLess(same.sub(high).abs().max().dataSync()[0]!, 1e-5);
  });
});
