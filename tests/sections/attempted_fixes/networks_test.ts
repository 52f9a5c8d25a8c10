import { channelStatistics } from "@/datasets/mod.ts";
import { makeConvPair, turnsOf } from "@/sections/attempted_fixes/networks.ts";
import type { FixName } from "@/sections/attempted_fixes/types.ts";
import { squaredError } from "@/models/mod.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { tf } from "@/tensorflow/mod.ts";
import { Adam, toTensor } from "@/training/mod.ts";
import { assertAlmostEquals, assertEquals, assertGreater } from "@std/assert";
import { drawPairs } from "../../experiment/_photos.ts";
import { tinyAutoencoder } from "../_tiny_settings.ts";

const pairs = drawPairs(3, 16);
const data = {
  pairs: { train: pairs, valid: pairs, test: pairs },
  seed: 1,
} as unknown as SectionData;
const settings = {
  medium: { ...tinyAutoencoder("medium"), side: 8 },
  high: { ...tinyAutoencoder("high"), side: 16 },
  denseUnits: 3,
};
const fixes: readonly FixName[] = [
  "none",
  "standardised",
  "normalised",
  "capacity",
  "dense",
  "alternate",
  "from start",
];

function value(scalar: tf.Scalar): number {
  return scalar.dataSync()[0]!;
}

Deno.test("under every fix both networks have codes of one shape", () => {
  const before = tf.memory().numTensors;
  for (const fix of fixes) {
    using pair = makeConvPair(fix, settings, data);
    assertEquals(pair.medium.latentShape, [2, 2, 2]);
    assertEquals(pair.high.latentShape, [2, 2, 2]);
    tf.tidy(() => {
      const large = toTensor(pairs, "high", [0, 1]);
      const image = pair.medium.decode(pair.high.encode(large));
      assertEquals(image.shape, [2, 8, 8, 3]);
    });
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("more capacity is twice the channels, a dense middle 2 N K weights", () => {
  const sizes = (fix: FixName) => {
    using pair = makeConvPair(fix, settings, data);
    const kernel = pair.high.weights().get("analysis_0/kernel")!.shape;
    return { kernel, parameters: pair.medium.parameters };
  };
  const none = sizes("none");
  assertEquals(none.kernel, [3, 3, 3, 4]);
  assertEquals(sizes("capacity").kernel, [3, 3, 3, 8]);
  const flat = 2 * 2 * 2;
  assertEquals(
    sizes("dense").parameters - none.parameters,
    2 * flat * 3 + 3 + flat,
  );
});

Deno.test("scaled networks see the train images' own means or bounds", () => {
  const { mean, min } = channelStatistics(pairs, "medium");
  for (const fix of ["standardised", "normalised"] as const) {
    using scaled = makeConvPair(fix, settings, data);
    using plain = makeConvPair("none", settings, data);
    tf.tidy(() => {
      // An image of means is 0 to one network; of least values, to the other.
      const zero = fix === "standardised" ? mean : min;
      const image = tf.tensor1d([...zero]).add(tf.zeros([1, 8, 8, 3]));
      const middle = tf.fill([1, 8, 8, 3], 0.5) as tf.Tensor4D;
      const difference = scaled.medium.encode(image as tf.Tensor4D)
        .sub(plain.medium.encode(middle)).abs().max();
      assertAlmostEquals(value(difference as tf.Scalar), 0, 1e-5);
    });
  }
});

Deno.test("each turn minimises what its fix says", () => {
  for (const fix of fixes) {
    using pair = makeConvPair(fix, settings, data);
    const { medium, high } = pair;
    const turns = turnsOf(pair);
    tf.tidy(() => {
      const large = toTensor(pairs, "high", [0, 1]);
      const small = toTensor(pairs, "medium", [0, 1]);
      const own = value(
        squaredError(medium.decode(medium.encode(small)), small),
      );
      const ownHigh = value(
        squaredError(high.decode(high.encode(large)), large),
      );
      const cross = value(
        squaredError(medium.decode(high.encode(large)), small),
      );
      const noise = tf.tensor1d([1, 1], "int32");
      const first = value(turns.medium.loss(large, small, noise));
      const second = value(turns.high.loss(large, small, noise));
      assertAlmostEquals(first, fix === "from start" ? cross : own, 1e-6);
      assertAlmostEquals(
        second,
        ownHigh + (fix === "alternate" ? cross : 0),
        1e-6,
      );
    });
  }
});

Deno.test("a turn changes its own network's weights alone", () => {
  for (const fix of ["alternate", "from start"] as const) {
    using pair = makeConvPair(fix, settings, data);
    const { high, medium } = turnsOf(pair);
    const snapshot = () =>
      new Map(
        [...pair.medium.weights()].map(([name, weight]) => [
          name,
          Array.from(weight.dataSync()),
        ]),
      );
    const takeTurn = (turn: typeof high) =>
      tf.tidy(() => {
        const adam = new Adam(turn.weights);
        const large = toTensor(pairs, "high", [0, 1]);
        const small = toTensor(pairs, "medium", [0, 1]);
        const noise = tf.tensor1d([1, 1], "int32");
        adam.minimize(
          tf.scalar(0.01),
          () => ({ loss: turn.loss(large, small, noise) }),
        );
        adam.dispose();
      });
    const before = snapshot();
    takeTurn(high);
    assertEquals(snapshot(), before);
    takeTurn(medium);
    const changed = [...snapshot()].filter(([name, values]) =>
      JSON.stringify(values) !== JSON.stringify(before.get(name))
    ).map(([name]) => name);
    assertGreater(changed.length, 0);
    assertEquals(
      changed.some((name) => name.startsWith("analysis")),
      fix === "alternate",
    );
  }
});
