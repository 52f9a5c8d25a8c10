/** Long work that a signal ends, and that lets timers in meanwhile. */
import { decodeImage, encodeImage, encodeNear } from "@/codec/mod.ts";
import { encodeLayers } from "@/codec/encode/encode_layers.ts";
import { Pauses } from "@/codec/model/pauses.ts";
import { RefiningEncoder } from "@/codec/refine/refining_encoder.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { drawPicture, withTinyModel } from "./_tiny_model.ts";

const reason = new Error("The user has had enough.");

/** Aborts work after some milliseconds; returns how long it then runs on. */
async function timeToEnd(
  work: (signal: AbortSignal) => Promise<unknown>,
  milliseconds = 100,
): Promise<number> {
  const controller = new AbortController();
  let aborted = Infinity;
  setTimeout(() => {
    aborted = performance.now();
    controller.abort(reason);
  }, milliseconds);
  const error = await assertRejects(() => work(controller.signal));
  assertEquals(error, reason);
  return performance.now() - aborted;
}

Deno.test("pauses let timers in, and throw the signal's reason", async () => {
  const controller = new AbortController();
  const pauses = new Pauses(controller.signal);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  for (const start = performance.now(); performance.now() - start < 300;) {
    await pauses.pause();
  }
  clearInterval(timer);
  assert(ticks >= 3, String(ticks));
  controller.abort(reason);
  assertEquals(await assertRejects(() => pauses.pause()), reason);
});

Deno.test("many pieces of work, each shorter than the time between pauses, pause too", async () => {
  const work = async (signal: AbortSignal) => {
    for (const start = performance.now(); performance.now() - start < 2000;) {
      await new Pauses(signal).pause();
    }
  };
  assertLess(await timeToEnd(work), 1000);
});

Deno.test("encoding with effort ends within a second of its signal", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const encoder = new RefiningEncoder(loaded);
    const photo = drawPicture(96, 96, "effort");
    await encoder.encode(photo, { effort: 1 }); // traces the step
    const encode = (signal: AbortSignal) =>
      encoder.encodeNear(photo, 1, { effort: 10, signal });
    assertLess(await timeToEnd(encode), 1000);
    encoder[Symbol.dispose]();
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("encoding and decoding of many tiles end with their signal", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const photo = drawPicture(2100, 2100, "tiles");
    const tileSide = 64; // more tiles than there is time for
    const stopped = [
      (signal: AbortSignal) =>
        encodeLayers(loaded, photo, {
          ...{ quality: 50, coarseness: 1, rateWeight: 0, tileSide, signal },
        }),
      (signal: AbortSignal) => encodeImage(loaded, photo, { signal }),
      (signal: AbortSignal) => encodeNear(loaded, photo, 1, { signal }),
    ];
    for (const work of stopped) assertLess(await timeToEnd(work), 1000);

    const file = await encodeImage(loaded, photo, { quality: 20 });
    for (const size of ["medium", "both"] as const) {
      const decode = (signal: AbortSignal) =>
        decodeImage(loaded, file, { size, signal });
      assertLess(await timeToEnd(decode), 1000);
    }
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("work whose signal is already aborted does not start", async () => {
  await withTinyModel(async (loaded) => {
    const photo = drawPicture(8, 8, "aborted");
    const signal = AbortSignal.abort(reason);
    const file = await encodeImage(loaded, photo);
    for (
      const work of [
        () => encodeImage(loaded, photo, { signal }),
        () => decodeImage(loaded, file, { signal }),
        () => decodeImage(loaded, file, { size: "thumbnail", signal }),
      ]
    ) assertEquals(await assertRejects(work), reason);
  });
});
