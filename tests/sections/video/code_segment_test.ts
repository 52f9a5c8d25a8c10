/** Segments through the entropy coder and back, and what they cost. */
import { CodecError } from "@/codec/format/codec_error.ts";
import { logisticBits } from "@/codec/model/rate_estimate.ts";
import { type SequentialShape, SequentialVae } from "@/models/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import {
  decodeCodes,
  encodeSegment,
  oneHot,
  synthesise,
} from "@/sections/video/code_segment.ts";
import { latentTables, nearestTable } from "@/sections/video/latent_tables.ts";
import { passSegments, segmentLoss } from "@/sections/video/objective.ts";
import { randomNormal, tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";

const shape: SequentialShape = {
  side: 8,
  frames: 4,
  widths: [4, 6],
  blocks: 1,
  features: 8,
  localSize: 6,
  globalSize: 5,
  memory: 4,
  levels: 3,
  seed: 1,
};

function makeModel(changes: Partial<SequentialShape> = {}): SequentialVae {
  const model = new SequentialVae({ ...shape, ...changes });
  // Far from where it starts, so that codes are large and priors uneven.
  [...model.weights().values()].forEach((weight, i) =>
    tf.tidy(() =>
      weight.assign(weight.add(randomNormal(weight.shape, i).mul(0.3)))
    )
  );
  return model;
}

function makeSegment(key: string): Uint8Array {
  const random = seededRandom(key);
  return new Uint8Array(4 * 8 * 8 * 3).map(() => 256 * random());
}

Deno.test("codes come back bit for bit, with and without memory and global code", () => {
  for (const changes of [{}, { globalSize: 0 }, { memory: 0 }]) {
    using model = makeModel(changes);
    for (const level of [0, 1, 2]) {
      const segment = makeSegment(`segment ${level}`);
      const { bytes, codes } = encodeSegment(model, segment, level);
      assertEquals(bytes[0], level);
      const decoded = decodeCodes(model, bytes);
      assertEquals(decoded, codes);
      assertEquals(synthesise(model, decoded), synthesise(model, codes));
    }
  }
});

Deno.test("rounded codes are within half a step of what the encoder gives", () => {
  using model = makeModel();
  const segment = makeSegment("rounded");
  const { codes } = encodeSegment(model, segment, 1);
  const local = tf.tidy(() => {
    const values = Float32Array.from(segment, (value) => value / 255);
    const frames = tf.tensor5d(values, [1, 4, 8, 8, 3]);
    return model.encode(frames, oneHot([1], 3)).local.dataSync();
  });
  codes.local.flatMap((code) => [...code]).forEach((value, i) =>
    assertAlmostEquals(value, local[i]!, 0.5 + 1e-4)
  );
});

Deno.test("damaged bytes are a typed error or other codes, never a crash", () => {
  using model = makeModel();
  const { bytes, codes } = encodeSegment(model, makeSegment("damaged"), 2);
  const random = seededRandom("mutations");
  for (let i = 0; i < 200; i++) {
    const damaged = bytes.slice(0, i % 3 === 0 ? i % bytes.length : undefined);
    if (damaged.length > 0) {
      damaged[Math.floor(random() * damaged.length)]! ^= 1 +
        Math.floor(random() * 255);
    }
    try {
      assertNotEquals(decodeCodes(model, damaged), codes);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
    }
  }
  assertThrows(() => decodeCodes(model, new Uint8Array()), CodecError);
});

Deno.test("tables cost what the training's estimate of bits says", () => {
  const tables = latentTables();
  for (const scale of [-3, -1, 0, 1.5, 4]) {
    const index = nearestTable(scale);
    const exact = (index - 21) / 6;
    for (const value of [0, 1, -1, 2, 5]) {
      const place = value < 0 ? -2 * value - 1 : 2 * value;
      if (place >= tables.sizes[index]!) continue;
      const at = tables.starts[index]! + place;
      const frequency = tables.cumulative[at + 1]! - tables.cumulative[at]!;
      if (frequency < 100) continue; // the least that a place gets shows
      const estimate = tf.tidy(() =>
        logisticBits(tf.scalar(value), tf.scalar(exact)).dataSync()[0]!
      );
      assertAlmostEquals(-Math.log2(frequency / 65536), estimate, 0.03);
    }
  }
  assertEquals([nearestTable(-99), nearestTable(99)], [0, 63]);
});

Deno.test("the loss is the rate and the weighed error, as computed by hand", () => {
  using model = makeModel({ memory: 0, globalSize: 0 });
  const segments = ["a", "b"].map(makeSegment);
  const values = Float32Array.from(
    segments.flatMap((segment) => [...segment]),
    (value) => value / 255,
  );
  tf.tidy(() => {
    const frames = tf.tensor5d(values, [2, 4, 8, 8, 3]);
    const level = oneHot([0, 2], 3);
    const lambdas = [0.001, 0.01, 0.1];
    const parts = segmentLoss(model, { frames, level }, lambdas, 7);
    const { bits, decoded } = passSegments(model, { frames, level }, 7);
    const [first, second] = bits.dataSync();
    const errors = decoded.sub(frames).square().mean([1, 2, 3, 4]).dataSync();
    const bpp = (first! + second!) / 2 / 256;
    assertAlmostEquals(parts.bpp.dataSync()[0]!, bpp, 1e-4);
    const weighed = [[0.001, first!, errors[0]!], [0.1, second!, errors[1]!]]
      .map(([lambda, bits, error]) =>
        (bits! / 256 + 255 ** 2 * lambda! * error!) / Math.sqrt(lambda!)
      );
    const loss = parts.loss.dataSync()[0]!;
    assertAlmostEquals(loss / (weighed[0]! + weighed[1]!), 0.5, 1e-4);
    // Each number's bits, one by one.
    const { local } = model.encode(frames, level);
    const { mean, scale } = model.localPrior.expect(level);
    const numbers = [local, mean, scale].map((tensor) => tensor.dataSync());
    const width = (k: number) =>
      (2 ** numbers[2]![k]! + 0.05) * Math.sqrt(3) / Math.PI;
    const logistic = (x: number) => 1 / (1 + Math.exp(-x));
    let sum = 0;
    const samples = 400;
    for (let draw = 0; draw < samples; draw++) {
      const random = seededRandom("noise", draw);
      for (let i = 0; i < 4 * 6; i++) {
        const k = i % 6;
        const error = Math.abs(
          numbers[0]![i]! - numbers[1]![k]! + random() - 0.5,
        );
        const share = logistic((0.5 - error) / width(k)) -
          logistic((-0.5 - error) / width(k));
        sum -= Math.log2(Math.max(share, 1e-9));
      }
    }
    // The mean over noise, beside one draw of it.
    assertAlmostEquals(first! / (sum / samples), 1, 0.15);
  });
});
