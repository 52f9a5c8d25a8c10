/** The walk over the groups of channels, in both of its forms. */
import { CELL_PLANES } from "@/codec/transform/block_sizes.ts";
import { CHANNEL_GROUPS, ChannelGroups } from "@/codec/model/channel_groups.ts";
import { integerLayer } from "@/codec/model/integer_layer.ts";
import { forwardGroups } from "@/codec/model/tensor_passes.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals } from "@std/assert";
import { tinySettings, withTinyModel } from "../_tiny_model.ts";

Deno.test("groups, layers and passes are those of FORMAT.md", () => {
  const rows = CHANNEL_GROUPS.map(({ index, first, size, layer, passes }) =>
    `${index}: ${first} + ${size}, layer ${layer}, ${passes.join(" ")}`
  );
  assertEquals(rows, [
    "0: 0 + 6, layer 1, even odd",
    "1: 6 + 18, layer 1, even odd",
    "2: 24 + 24, layer 1, all",
    "3: 48 + 48, layer 2, all",
    "4: 96 + 96, layer 2, all",
  ]);
});

const [rows, columns] = [6, 5];

/** Whole numbers within 8 bits, as features and planes are. */
function drawFeatures(): tf.Tensor4D {
  const random = seededRandom("features");
  const channels = tinySettings.featureChannels + CELL_PLANES;
  const values = Float32Array.from(
    { length: rows * columns * channels },
    () => Math.floor(256 * random()),
  );
  return tf.tensor4d(values, [1, rows, columns, channels]);
}

Deno.test("tensors and numbers walk alike", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const layer = integerLayer((name) => loaded.integer(name));
    // A latent that follows its own prediction and nothing else.
    const latent = (mean: number) => Math.max(-255, Math.min(255, mean % 97));

    const onTensors = tf.tidy(() => {
      const known: number[][] = [];
      forwardGroups(drawFeatures(), layer, ({ size }) => {
        const finish = ({ value }: { value: tf.Tensor4D }) => {
          known.push(Array.from(value.dataSync(), (one) => one + 0));
          return value;
        };
        return {
          code: (predicted) => {
            const means = predicted.slice([0, 0, 0, 0], [-1, -1, -1, size]);
            const values = means.dataSync().map(latent);
            return { value: tf.tensor4d(values, means.shape) };
          },
          asInput: ({ value }) => value,
          finish,
        };
      });
      return known;
    });

    const onNumbers: number[][] = [];
    const passes: string[] = [];
    const groups = new ChannelGroups(drawFeatures(), layer);
    for (const layer of [1, 2] as const) {
      await groups.code(layer, ({ group, parity, predicted, inputs }) => {
        passes.push(`${group.index} ${parity}`);
        const { size, index } = group;
        for (let cell = 0; cell < rows * columns; cell++) {
          const isOdd = (Math.floor(cell / columns) + cell % columns) % 2 === 1;
          if (parity === (isOdd ? "even" : "odd")) continue;
          for (let c = 0; c < size; c++) {
            const mean = predicted[cell * 2 * size + c]!;
            inputs[cell * size + c] = latent(mean);
          }
        }
        onNumbers[index] = Array.from(inputs, (one) => one + 0);
      });
    }
    groups.dispose();
    assertEquals(
      passes,
      ["0 even", "0 odd", "1 even", "1 odd", "2 all", "3 all", "4 all"],
    );
    assertEquals(onNumbers, onTensors);
    assert(onNumbers.every((values) => new Set(values).size > 3));
    assertEquals(tf.memory().numTensors, before);
  });
});
