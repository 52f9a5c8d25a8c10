import type { Pixels } from "@/images/mod.ts";
import {
  copyWeights,
  detailSampler,
  enlargePhoto,
  ENLARGING_METHODS,
  type EnlargingNetworks,
  readEnlargingWeights,
  superResolutionNetwork,
  writeEnlargingWeights,
} from "@/models/enlarging/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { resizeImage } from "@/images/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertEquals,
  assertGreater,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { drawPhoto } from "../../experiment/_photos.ts";
import { cropImage } from "@/images/mod.ts";

const shapes = {
  network: { width: 4, blocks: 1, interpolation: "lanczos3" },
  sampler: { width: 4, innerWidth: 6, blocks: 4 },
  steps: 3,
} as const;

/** Weights none of which is zero, as after training. */
function weightBytes(): Uint8Array {
  const network = (seed: number) =>
    superResolutionNetwork({ ...shapes.network, seed });
  using mean = network(1);
  using adversarial = network(2);
  using sampler = detailSampler(shapes.sampler, 3);
  const stirred = [mean, adversarial, sampler].map((one, i) => {
    for (const weight of one.weights().values()) {
      tf.tidy(() =>
        weight.assign(
          weight.add(tf.randomNormal(weight.shape, 0, 0.02, "float32", i + 1)),
        )
      );
    }
    return copyWeights(one.weights());
  });
  const [first, second, third] = stirred;
  return writeEnlargingWeights(shapes, {
    mean: first!,
    adversarial: second!,
    sampler: third!,
  });
}

function withNetworks(work: (networks: EnlargingNetworks) => void): void {
  const before = tf.memory().numTensors;
  {
    using networks = readEnlargingWeights(weightBytes());
    work(networks);
  }
  assertEquals(tf.memory().numTensors, before);
}

function largest(a: Pixels, b: Pixels): number {
  return a.data.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - b.data[i]!)),
    0,
  );
}

Deno.test("a photo in windows is the whole photo, of any size", () => {
  const photo = cropImage(drawPhoto(200, "a"), {
    left: 0,
    top: 0,
    width: 151,
    height: 98,
  });
  withNetworks((networks) => {
    for (const method of ENLARGING_METHODS) {
      const whole = enlargePhoto(networks, photo, { method, window: 512 });
      assertEquals([whole.width, whole.height], [302, 196]);
      let windows = 0;
      const tiled = enlargePhoto(networks, photo, {
        method,
        window: 32,
        onWindow: (_, total) => windows = total,
      });
      assertGreater(windows, 15);
      // Sums in another order may round another way.
      assert(largest(whole, tiled) <= 1, method);
    }
  });
});

Deno.test("draws differ by their seed alone", () => {
  const photo = drawPhoto(40, "a");
  withNetworks((networks) => {
    const draw = (seed: number) =>
      enlargePhoto(networks, photo, { method: "sampled", seed });
    assertEquals(draw(5), draw(5));
    assertNotEquals(draw(5).data, draw(6).data);
  });
});

Deno.test("what makes detail up scales down to the photo", async () => {
  // No value near 0 or 255, at which made-up detail would be cut off.
  const rough = drawPhoto(64, "a");
  const photo = { ...rough, data: rough.data.map((value) => 64 + value / 2) };
  const made: Pixels[] = [];
  withNetworks((networks) => {
    for (const method of ["adversarial", "sampled"] as const) {
      made.push(enlargePhoto(networks, photo, { method }));
    }
  });
  for (const large of made) {
    const small = await resizeImage(large, 64, 64);
    assertGreater(psnr(small.data, photo.data), 45);
  }
});

Deno.test("windows of odd sides and files of other weights are refused", () => {
  withNetworks((networks) => {
    const photo = drawPhoto(16, "a");
    assertThrows(
      () => enlargePhoto(networks, photo, { method: "mean", window: 31 }),
      RangeError,
      "window must be a positive even number, got 31.",
    );
  });
  const other = writeEnlargingWeights(
    { ...shapes, steps: 1 },
    { mean: new Map(), adversarial: new Map(), sampler: new Map() },
  );
  assertThrows(
    () => readEnlargingWeights(other),
    Error,
    'no "enlarge_image/kernel" of shape [3, 3, 3, 4]',
  );
});
