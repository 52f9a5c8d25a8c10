import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { binding } from "@/tensorflow/backend/binding.ts";
import { DataType } from "@/tensorflow/ffi/dtypes.ts";
import { handleCount, TensorFlowError, tf } from "@/tensorflow/mod.ts";

const script = new URL("./_training_memory.ts", import.meta.url);

for (const kind of ["eager", "compiled"] as const) {
  Deno.test({
    name: `training, ${kind}, holds tensors, handles and memory constant`,
    ignore: Deno.build.os !== "linux", // It asks libc to give memory back.
    fn: () => holdsMemoryConstant(kind),
  });
}

async function holdsMemoryConstant(kind: string): Promise<void> {
  const flags = "--expose-gc,--single-threaded,--max-semi-space-size=1";
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", `--v8-flags=${flags}`, fileURLToPath(script), kind],
    stderr: "inherit",
  }).output();
  assertEquals(success, true);
  const [early, middle, late] = JSON.parse(new TextDecoder().decode(stdout));
  for (const later of [middle, late]) {
    assertEquals(later.handles, early.handles);
    assertEquals(later.tensors, early.tensors);
  }
  // A leak shows in both halves, what threads of TensorFlow keep in one.
  const grown = [
    middle.resident / early.resident,
    late.resident / middle.resident,
  ];
  assertLess(Math.min(...grown), 1.01);
}

/**
 * Least growth of resident memory over one of several runs, in bytes: a leak
 * shows in each of them, JavaScript's garbage only until it is collected.
 */
function growth(fn: () => void): number {
  fn();
  const runs = Array.from({ length: 4 }, () => {
    const before = Deno.memoryUsage().rss;
    fn();
    return Deno.memoryUsage().rss - before;
  });
  return Math.min(...runs);
}

Deno.test("strings are freed with their tensors", () => {
  const handles = handleCount();
  const long = "x".repeat(20_000);
  const grown = growth(() => {
    for (let i = 0; i < 5_000; i++) {
      const id = binding.createTensor([1], DataType.STRING, [`${long}${i}`]);
      binding.deleteTensor(id);
    }
  });
  assertEquals(handleCount(), handles);
  assertLess(grown, 50e6, "of the 100 MB that were made");
});

Deno.test("a tensor of 10,000 long strings comes back whole and is freed", () => {
  const texts = Array.from({ length: 10_000 }, (_, i) => `${i}`.repeat(20));
  const handles = handleCount();
  const joined = tf.tidy(() => {
    const tensor = tf.tensor1d(texts, "string");
    return tf.concat([tensor, tensor]).arraySync() as unknown as string[];
  });
  assertEquals(joined, [...texts, ...texts]);
  assertEquals(handleCount(), handles);
});

Deno.test("failing ops leave nothing behind", () => {
  const make = (size: number) =>
    binding.createTensor(
      [size, size],
      DataType.FLOAT,
      new Float32Array(size ** 2),
    );
  const inputs = [make(256), make(3)];
  const handles = handleCount();
  const grown = growth(() => {
    for (let i = 0; i < 1_000; i++) {
      assertThrows(
        () => binding.executeOp("MatMul", [], inputs, 1),
        TensorFlowError,
        "MatMul: Matrix size-incompatible",
      );
    }
  });
  assertEquals(handleCount(), handles);
  assertLess(grown, 50e6, "of the 262 MB that the inputs would take");
  inputs.forEach(binding.deleteTensor);
});
