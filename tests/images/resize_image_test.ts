import { resizeImage } from "@/images/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { largestDifference, noise, plain } from "./_samples.ts";

Deno.test("resizeImage() keeps a plain colour at every size and kernel", async () => {
  const colour = [12, 130, 250] as const;
  for (const kernel of ["lanczos3", "cubic"] as const) {
    for (const [width, height] of [[3, 7], [40, 20], [1, 1]] as const) {
      assertEquals(
        await resizeImage(plain(20, 20, colour), width, height, kernel),
        plain(width, height, colour),
      );
    }
  }
});

Deno.test("resizeImage() halves by the textbook Lanczos kernel", async () => {
  const row = noise(64, 1);
  const tall = {
    width: 64,
    height: 8,
    data: new Uint8Array(64 * 8 * 3).map((_, i) => row.data[i % 192]!),
  };
  const half = await resizeImage(tall, 32, 4);
  const sinc = (x: number) => x === 0 ? 1 : Math.sin(x) / x;
  const lanczos = (x: number) =>
    Math.abs(x) >= 3 ? 0 : sinc(Math.PI * x) * sinc(Math.PI * x / 3);
  for (let x = 4; x < 28; x++) {
    let sum = 0;
    let weights = 0;
    for (let from = 2 * x - 6; from <= 2 * x + 7; from++) {
      const weight = lanczos((from + 0.5) / 2 - (x + 0.5));
      sum += weight * row.data[from * 3]!;
      weights += weight;
    }
    const expected = Math.min(255, Math.max(0, sum / weights));
    const found = half.data[x * 3]!;
    assert(Math.abs(found - expected) <= 2.5, `${x}: ${found} ${expected}`);
  }
});

Deno.test("resizeImage() to the same size is a copy", async () => {
  const pixels = noise(5, 4);
  const same = await resizeImage(pixels, 5, 4);
  assertEquals(same, pixels);
  same.data.fill(0);
  assertEquals(largestDifference(pixels.data, noise(5, 4).data), 0);
});

Deno.test("resizeImage() quotes an invalid size and invalid pixels", async () => {
  await assertRejects(
    () => resizeImage(noise(4, 4), 0, 3),
    RangeError,
    "width must be a whole number of at least 1, got 0.",
  );
  await assertRejects(
    () => resizeImage(noise(4, 4), 2.5, 3),
    RangeError,
    "width must be a whole number of at least 1, got 2.5.",
  );
  await assertRejects(
    () => resizeImage({ ...noise(4, 4), width: 5 }, 2, 2),
    RangeError,
    "The data of 5 by 4 pixels must be 60 values, got 48.",
  );
});
