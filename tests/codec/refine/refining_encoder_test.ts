/** Files made with effort, on the codec of a few weights. */
import { decodeImage, encodeImage, encodeNear } from "@/codec/mod.ts";
import {
  costOfFile,
  RefiningEncoder,
  stepsOfEffort,
} from "@/codec/refine/refining_encoder.ts";
import { resizeImage } from "@/images/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { drawHalves, drawPicture, withTinyModel } from "../_tiny_model.ts";

Deno.test("effort makes files better, and none is worse", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const encoder = new RefiningEncoder(loaded);
    const gains: number[] = [];
    for (const quality of [20, 90]) {
      const picture = drawHalves(77, 50, `effort ${quality}`);
      const medium = await resizeImage(picture, 39, 25);
      const cost = (file: Uint8Array) =>
        costOfFile(loaded, file, { photo: picture, medium, quality });
      const plain = await encodeImage(loaded, picture, { quality });
      const file = await encoder.encode(picture, { quality, effort: 3 });
      gains.push(1 - await cost(file) / await cost(plain));
      const { high, highIs } = await decodeImage(loaded, file);
      assertEquals([high!.width, high!.height, highIs], [77, 50, "complete"]);

      assertEquals(
        await encoder.encode(picture, { quality, effort: 0 }),
        plain,
      );
    }
    assertGreater(Math.min(...gains), -1e-9);
    assertGreater(Math.max(...gains), 0.01);
    encoder[Symbol.dispose]();
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("the cost of a file is its bits and both errors", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawPicture(32, 32, "cost");
    const file = await encodeImage(loaded, picture, { quality: 30 });
    const { high, medium } = await decodeImage(loaded, file, { size: "both" });
    const bits = 8 * file.length / 32 ** 2;
    const cost = (a: typeof picture, b: typeof picture) =>
      costOfFile(loaded, file, { photo: a, medium: b, quality: 100 });
    assertEquals(await cost(high!, medium!), bits);
    const change = ({ data, ...size }: typeof picture) => ({
      ...size,
      data: data.map((value) => value < 128 ? value + 2 : value - 2),
    });
    assertLess(
      Math.abs(await cost(change(high!), medium!) - bits - 0.24),
      1e-9,
    );
    assertLess(
      Math.abs(await cost(high!, change(medium!)) - bits - 0.06),
      1e-9,
    );
  });
});

Deno.test("with effort a file is not above a target, and better there", async () => {
  await withTinyModel(async (loaded) => {
    using encoder = new RefiningEncoder(loaded);
    const picture = drawPicture(64, 64, "target");
    const medium = await resizeImage(picture, 32, 32);
    const steps: number[] = [];
    for (const target of [0.6, 2]) {
      const plain = await encodeNear(loaded, picture, target);
      const near = await encoder.encodeNear(picture, target, {
        effort: 2,
        onStep: (done, total) => steps.push(done / total),
      });
      assertEquals(near.bitsPerPixel, 8 * near.bytes.length / 64 ** 2);
      assertLessOrEqual(
        near.bitsPerPixel,
        Math.max(target, plain.bitsPerPixel),
      );
      const cost = (file: Uint8Array) =>
        costOfFile(loaded, file, {
          photo: picture,
          medium,
          quality: plain.quality,
        });
      assertLessOrEqual(await cost(near.bytes), await cost(plain.bytes));
    }
    assertEquals(steps.slice(0, 6), [1, 2, 3, 4, 5, 6].map((i) => i / 6));
  });
});

Deno.test("what is no effort is refused", async () => {
  assertEquals([0, 1, 10].map(stepsOfEffort), [0, 3, 30]);
  for (const effort of [-1, 2.5, 11, NaN]) {
    assertThrows(
      () => stepsOfEffort(effort),
      RangeError,
      `effort must be a whole number in 0..10, got ${effort}.`,
    );
  }
  await withTinyModel(async (loaded) => {
    using encoder = new RefiningEncoder(loaded);
    await assertRejects(
      () => encoder.encode(drawPicture(8, 8, "bad"), { effort: 11 }),
      RangeError,
    );
  });
});

Deno.test("refining can be stopped, and nothing is left behind", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const encoder = new RefiningEncoder(loaded);
    const onStep = (done: number) => {
      if (done === 3) throw new Error("That is enough.");
    };
    await assertRejects(
      () => encoder.encode(drawPicture(40, 40, "stop"), { effort: 2, onStep }),
      Error,
      "That is enough.",
    );
    encoder[Symbol.dispose]();
    assertEquals(tf.memory().numTensors, before);
  });
});
