import {
  convAutoencoder,
  decoderOf,
  klFromPrior,
  lossOfKind,
  reconstructionLoss,
  samplePosterior,
  squaredError,
  vaeLoss,
  variationalAutoencoder,
} from "@/models/mod.ts";
import { turnsOf } from "@/sections/attempted_fixes/networks.ts";
import {
  oneCodeLoss,
  trainOneCode,
} from "@/sections/attempted_fixes/one_code.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertRejects,
} from "@std/assert";

const shape = { latentChannels: 2, seed: 1 };
const makePair = () => ({
  high: variationalAutoencoder({ ...shape, size: 8, widths: [4, 4] }),
  medium: variationalAutoencoder({ ...shape, size: 4, widths: [4] }),
});

/** `[2, size, size, 3]` in 0..1. */
function images(size: number, seed: number): tf.Tensor4D {
  return tf.randomUniform([2, size, size, 3], 0, 1, "float32", seed);
}

function value(scalar: tf.Scalar): number {
  return scalar.dataSync()[0]!;
}

Deno.test("a network's own loss is that of its kind", () => {
  const variational = makePair().high;
  const plain = convAutoencoder({ ...shape, size: 8, widths: [4, 4] });
  tf.tidy(() => {
    const x = images(8, 1);
    const error = (model: typeof plain) =>
      value(squaredError(model.decode(model.encode(x)), x));
    const own = lossOfKind(0.1);
    assertEquals(value(own(plain, x, 1)), error(plain));
    assertEquals(
      value(own(variational, x, 1)),
      value(vaeLoss(variational, { images: x, beta: 0.1, noise: 1 }).loss),
    );
    assertNotEquals(
      value(own(variational, x, 1)),
      value(own(variational, x, 2)),
    );
    const ofMeans = reconstructionLoss(variational, x);
    assertEquals(value(ofMeans), error(variational));
  });
  variational.dispose();
  plain.dispose();
});

Deno.test("each turn of a variational pair minimises its kind's loss", () => {
  const { high, medium } = makePair();
  tf.tidy(() => {
    const large = images(8, 1);
    const small = images(4, 2);
    const noise = tf.tensor1d([3, 4], "int32");
    const own = lossOfKind(0.1);
    const turns = turnsOf({
      fix: "alternate",
      high,
      medium,
      ownLoss: own,
      [Symbol.dispose]: () => {},
    });
    const cross = squaredError(medium.decode(high.encode(large)), small);
    assertAlmostEquals(
      value(turns.high.loss(large, small, noise)),
      value(own(high, large, noise)) + value(cross),
      1e-6,
    );
    assertEquals(
      value(turns.medium.loss(large, small, noise)),
      value(own(medium, small, noise)),
    );
  });
  high.dispose();
  medium.dispose();
});

Deno.test("both decoders of one variational code learn from one sample", () => {
  const { high, medium } = makePair();
  tf.tidy(() => {
    const large = images(8, 1);
    const small = images(4, 2);
    const models = { high, medium: decoderOf(medium) };
    const posterior = high.posterior(large);
    const code = samplePosterior(posterior, 5);
    const ofHigh = value(squaredError(high.decode(code), large));
    const ofMedium = value(squaredError(medium.decode(code), small));
    const kl = value(klFromPrior(posterior).sum()) / large.size;
    const pairs = { high: large, medium: small };
    const weights = { mediumWeight: 3, beta: 0.1 };
    const joint = oneCodeLoss(models, pairs, weights, 5);
    assertAlmostEquals(value(joint.high), ofHigh, 1e-6);
    assertAlmostEquals(value(joint.medium), ofMedium, 1e-6);
    assertAlmostEquals(
      value(joint.loss),
      ofHigh + 3 * ofMedium + 0.1 * kl,
      1e-5,
    );
    // An adapter reads means: they are what is stored.
    const adapter = oneCodeLoss(models, pairs, { beta: 0.1 }, 5);
    assertAlmostEquals(
      value(adapter.loss),
      value(squaredError(medium.decode(high.encode(large)), small)),
      1e-6,
    );
  });
  high.dispose();
  medium.dispose();
});

Deno.test("weights of one name in both networks of one code are refused", async () => {
  const { high, medium } = makePair();
  const before = tf.memory().numTensors;
  const error = await assertRejects(
    () =>
      trainOneCode(
        { name: "t", folder: "", id: "" },
        { high, medium: decoderOf(medium) },
        {
          mediumWeight: 1,
          length: { steps: 1 },
          batchSize: 1,
          schedule: { peak: 1, warmUpSteps: 0 },
        },
        { pairs: {}, controls: {} } as SectionData,
      ),
    RangeError,
  );
  assertEquals(
    error.message,
    'Two weights of one code are named "synthesis_code/kernel".',
  );
  assertEquals(tf.memory().numTensors, before);
  high.dispose();
  medium.dispose();
});

Deno.test("a decoder alone has its own weights and no others", () => {
  const model = convAutoencoder({ ...shape, size: 8, widths: [4] });
  const decoder = decoderOf(model);
  assertEquals(
    [...decoder.weights().keys()],
    [...model.weights().keys()].filter((name) => !name.startsWith("analysis")),
  );
  let encoder = 0;
  for (const [name, { size }] of model.weights()) {
    if (name.startsWith("analysis")) encoder += size;
  }
  assertEquals(decoder.parameters, model.parameters - encoder);
  model.dispose();
});
