import {
  type Batch,
  batchOrder,
  DatasetError,
  prefetchBatches,
  type PrefetchOptions,
  SharedPairs,
  toBatch,
} from "@/datasets/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { noisePhoto } from "../_photos.ts";

const names = Array.from({ length: 10 }, (_, i) => `photo ${i}`);
const pairs = SharedPairs.from(
  "train",
  8,
  names,
  names.map((name) => ({
    high: noisePhoto(8, 8, name).data,
    medium: noisePhoto(4, 4, name).data,
  })),
);
const options: PrefetchOptions = { batchSize: 4, seed: 3, lastStep: 5 };

async function collect(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  return await Array.fromAsync(batches);
}

Deno.test("prefetchBatches() gives the batches of batchOrder() and toBatch()", async () => {
  const batches = await collect(prefetchBatches(pairs, options));
  assertEquals(batches.map(({ step }) => step), [1, 2, 3, 4, 5]);
  assertEquals(batches.map(({ epoch }) => epoch), [1, 1, 2, 2, 3]);
  for (const { step, epoch, indices, high, medium } of batches) {
    const expected = batchOrder(10, 4, 3, epoch)[(step - 1) % 2];
    assertEquals(indices, expected);
    assertEquals(high, toBatch(pairs, "high", indices));
    assertEquals(medium, toBatch(pairs, "medium", indices));
  }
});

Deno.test("prefetchBatches() resumes at any step, whatever threads and queue", async () => {
  const all = await collect(prefetchBatches(pairs, options));
  for (const [workers, ahead] of [[1, 1], [2, 50]] as const) {
    const more = { ...options, workers, ahead, firstStep: 3 };
    assertEquals(await collect(prefetchBatches(pairs, more)), all.slice(2));
  }
});

/** Where a window of a batch lies in its pair, and whether it is mirrored. */
function findWindow(
  window: Float32Array,
  whole: Float32Array,
  side: number,
  width: number,
): [left: number, top: number, mirrored: boolean] {
  for (let top = 0; top <= width - side; top++) {
    for (let left = 0; left <= width - side; left++) {
      for (const mirrored of [false, true]) {
        const fits = window.every((value, i) => {
          const [c, x] = [i % 3, Math.floor(i / 3) % side];
          const row = top + Math.floor(i / 3 / side);
          const column = left + (mirrored ? side - 1 - x : x);
          return value === whole[(row * width + column) * 3 + c];
        });
        if (fits) return [left, top, mirrored];
      }
    }
  }
  throw new Error("The window is no part of its pair");
}

Deno.test("prefetchBatches() takes the same random window of both images", async () => {
  const more = { ...options, windowSize: 4 };
  const batches = await collect(prefetchBatches(pairs, more));
  const places = batches.flatMap(({ indices, high, medium }) =>
    indices.map((index, i) => {
      const of = (size: "high" | "medium", side: number, made: Float32Array) =>
        findWindow(
          made.subarray(i * side * side * 3, (i + 1) * side * side * 3),
          toBatch(pairs, size, [index]),
          side,
          size === "high" ? 8 : 4,
        );
      const [left, top, mirrored] = of("medium", 2, medium);
      assertEquals(of("high", 4, high), [2 * left, 2 * top, mirrored]);
      return [left, top, mirrored].join();
    })
  );
  // 18 places and mirror images, 20 windows.
  assert(new Set(places).size > 8, places.join(" "));
  assert(places.some((place) => place.endsWith("true")));
  assert(places.some((place) => place.endsWith("false")));

  const resumed = { ...more, firstStep: 3, workers: 2 };
  assertEquals(
    await collect(prefetchBatches(pairs, resumed)),
    batches.slice(2),
  );
});

Deno.test("prefetchBatches() names a window that does not fit", async () => {
  for (const windowSize of [0, 3, 10]) {
    await assertRejects(
      () => collect(prefetchBatches(pairs, { ...options, windowSize })),
      RangeError,
      `windowSize must be even and in 2..8, got ${windowSize}.`,
    );
  }
});

Deno.test("prefetchBatches() stops with the signal's reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const seen: number[] = [];
  const error = await assertRejects(async () => {
    const endless: PrefetchOptions = {
      batchSize: 4,
      seed: 3,
      signal: controller.signal,
    };
    for await (const { step } of prefetchBatches(pairs, endless)) {
      seen.push(step);
      if (step === 3) controller.abort(reason);
    }
  });
  assertEquals(error, reason);
  assertEquals(seen, [1, 2, 3]);
  const aborted = { ...options, signal: controller.signal };
  assertEquals(
    await assertRejects(() => collect(prefetchBatches(pairs, aborted))),
    reason,
  );
});

Deno.test("prefetchBatches() stops while a batch is awaited", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const batches = prefetchBatches(pairs, { ...options, signal });
  const first = batches.next(); // the thread has hardly started
  controller.abort(new Error("now"));
  await assertRejects(() => first, Error, "now");
});

Deno.test("prefetchBatches() makes no more ahead than it may", async () => {
  const original = globalThis.Worker;
  let asked = 0;
  let ended = 0;
  globalThis.Worker = class extends original {
    override postMessage(message: object): void {
      if (Object.hasOwn(message, "step")) asked++;
      super.postMessage(message);
    }
    override terminate(): void {
      ended++;
      super.terminate();
    }
  };
  try {
    const more = { batchSize: 1, seed: 1, ahead: 3, workers: 1 };
    const batches = prefetchBatches(pairs, more);
    for (let step = 1; step <= 4; step++) {
      await batches.next();
      assertEquals(asked, step + 2);
    }
    await batches.return();
    assertEquals(ended, 1, "the thread ends with the loop");
  } finally {
    globalThis.Worker = original;
  }
});

Deno.test("prefetchBatches() gives each of several machines its part of a batch", async () => {
  const parts = await Promise.all([0, 1].map((index) =>
    collect(
      prefetchBatches(pairs, { ...options, share: { index, count: 2 } }),
    )
  ));
  const whole = await collect(prefetchBatches(pairs, options));
  whole.forEach(({ indices, epoch }, i) => {
    const [first, second] = parts.map((part) => part[i]!);
    assertEquals([...first!.indices, ...second!.indices], indices);
    assertEquals(first!.epoch, epoch);
    assertEquals(second!.high, toBatch(pairs, "high", indices.slice(2)));
  });
  await assertRejects(
    () =>
      collect(
        prefetchBatches(pairs, { ...options, share: { index: 0, count: 3 } }),
      ),
    DatasetError,
    "3 machines cannot share a batch of 4 images evenly.",
  );
});

Deno.test("prefetchBatches() quotes invalid options", async () => {
  for (
    const [changes, message] of [
      [{ batchSize: 0 }, "got 0."],
      [{ firstStep: 0 }, "firstStep must be a whole number of at least 1"],
      [{ ahead: 0.5 }, "got 0.5."],
      [{ workers: 0 }, "workers must be"],
    ] as const
  ) {
    await assertRejects(
      () => collect(prefetchBatches(pairs, { ...options, ...changes })),
      RangeError,
      message,
    );
  }
});
