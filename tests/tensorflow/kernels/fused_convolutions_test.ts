import { assert, assertEquals, assertThrows } from "@std/assert";
import { handleCount, tf } from "@/tensorflow/mod.ts";

type Activation = NonNullable<
  Parameters<typeof tf.fused.conv2d>[0]["activation"]
>;

function inputs(): [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D] {
  const normal = (shape: number[], seed: number) =>
    tf.randomNormal(shape, 0, 2, "float32", seed);
  return [
    normal([2, 9, 7, 5], 1) as tf.Tensor4D,
    normal([3, 3, 5, 6], 2) as tf.Tensor4D,
    normal([6], 3) as tf.Tensor1D,
  ];
}

for (const activation of ["linear", "relu", "relu6", "elu"] as const) {
  for (const [strides, dilations] of [[1, 1], [2, 1], [1, 2]] as const) {
    for (const pad of ["same", "valid"] as const) {
      Deno.test(`a convolution with bias and ${activation}, strides ${strides}, dilations ${dilations}, ${pad}, is its parts`, () => {
        tf.tidy(() => {
          const [x, filter, bias] = inputs();
          const fused = tf.fused.conv2d({
            ...{ x, filter, bias, strides, dilations, pad },
            activation: activation as Activation,
          });
          const sum = tf.conv2d(x, filter, strides, pad, "NHWC", dilations)
            .add(bias);
          const apart = activation === "linear" ? sum : sum[activation]();
          assertEquals(fused.shape, apart.shape);
          const off = fused.sub(apart).abs().max().dataSync()[0]!;
          assert(off < 2e-5, `${off}`);
        });
      });
    }
  }
}

Deno.test("a fused convolution of whole numbers is exact", () => {
  tf.tidy(() => {
    // 9 * 64 products of up to 255 * 64 stay below 2^24, in quarters.
    const whole = (shape: number[], most: number, seed: number) =>
      tf.randomUniform(shape, -most, most + 1, "float32", seed).floor();
    const x = whole([1, 12, 10, 64], 255, 1) as tf.Tensor4D;
    const filter = whole([3, 3, 64, 32], 64, 2).div(4) as tf.Tensor4D;
    const bias = whole([32], 1000, 3).div(4) as tf.Tensor1D;
    const fused = tf.fused.conv2d(
      { x, filter, bias, strides: 1, pad: "same", activation: "relu" },
    );
    const [a, b, c] = [x, filter, bias].map((tensor) => tensor.dataSync());
    const values = fused.dataSync();
    for (let y = 0, at = 0; y < 12; y++) {
      for (let column = 0; column < 10; column++) {
        for (let to = 0; to < 32; to++, at++) {
          let sum = c![to]!;
          for (let tap = 0; tap < 9; tap++) {
            const row = y + Math.floor(tap / 3) - 1;
            const left = column + tap % 3 - 1;
            if (row < 0 || row >= 12 || left < 0 || left >= 10) continue;
            for (let from = 0; from < 64; from++) {
              sum += a![(row * 10 + left) * 64 + from]! *
                b![(tap * 64 + from) * 32 + to]!;
            }
          }
          // On some processors, oneDNN's ReLU gives -0.
          assertEquals(values[at]! + 0, Math.max(0, sum));
        }
      }
    }
  });
});

Deno.test("fused convolutions leave no tensors", () => {
  const [x, filter, bias] = inputs();
  const run = () =>
    tf.fused.conv2d({ x, filter, bias, strides: 1, pad: "same" }).dispose();
  run(); // values come to TensorFlow with their first use
  const before = handleCount();
  run();
  assertEquals(handleCount(), before);
  tf.dispose([x, filter, bias]);
});

Deno.test("a fused convolution refuses filters of other depth", () => {
  tf.tidy(() => {
    const [x, , bias] = inputs();
    const filter = tf.zeros([3, 3, 4, 6]) as tf.Tensor4D;
    assertThrows(
      () => tf.fused.conv2d({ x, filter, bias, strides: 1, pad: "same" }),
      Error,
      "depth of input",
    );
  });
});
