import { CodecError } from "@/codec/format/codec_error.ts";
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import { writeSafetensors } from "@/models/safetensors.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertNotEquals,
  assertThrows,
} from "@std/assert";
import { tinyClipModel, tinyModel } from "../_tiny_model.ts";

Deno.test("a model comes back, its real weights in 16 bits", async () => {
  const model = tinyModel();
  const file = await writeWeights(model);
  const again = readWeights(file);
  assertEquals(again.settings, model.settings);
  assertEquals(again.integer, model.integer);
  assertEquals(again.logSteps, model.logSteps);
  assertEquals(again.kindNorms, model.kindNorms);
  assertEquals(again.splits, model.splits);
  assertEquals(again.tables, model.tables);
  assertEquals([...again.real.keys()], [...model.real.keys()]);
  for (const [name, { shape, values }] of model.real) {
    const stored = again.real.get(name)!;
    assertEquals(stored.shape, shape);
    values.forEach((value, i) =>
      assertAlmostEquals(
        stored.values[i]!,
        value,
        1e-3 * Math.abs(value) + 1e-7,
      )
    );
  }
  // What was read is written as the same file.
  assertEquals(await writeWeights(again), file);
});

Deno.test("a model's id changes with any of its numbers", async () => {
  const model = tinyModel();
  const first = readWeights(await writeWeights(model)).id;
  assertEquals(first.length, 8);
  model.logSteps[5]!++;
  const second = readWeights(await writeWeights(model)).id;
  assertNotEquals(first, second);
});

Deno.test("a file without what a model needs is refused in words", () => {
  const empty = writeSafetensors({ tensors: new Map(), metadata: {} });
  assertThrows(
    () => readWeights(empty),
    CodecError,
    "The file of weights lacks its settings or its id.",
  );
  const bare = writeSafetensors({
    tensors: new Map(),
    metadata: { settings: "{}", id: "00" },
  });
  assertThrows(
    () => readWeights(bare),
    CodecError,
    `The file of weights has no "log_steps" of the right type.`,
  );
});

Deno.test("weights for square blocks alone are refused", async () => {
  for (const model of [tinyModel(), tinyClipModel()]) {
    const kindNorms = model.kindNorms.slice(0, 7);
    const file = await writeWeights({ ...model, kindNorms });
    assertThrows(
      () => readWeights(file),
      CodecError,
      "The weights are of an older version of the format; FORMAT.md says how " +
        "to read older files.",
    );
  }
});
