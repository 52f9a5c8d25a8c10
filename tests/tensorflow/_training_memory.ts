/**
 * Trains for 2,000 steps and prints resident memory at steps 100, 1,050 and
 * 2,000, in bytes, as JSON. Run on its own, with V8's own use of memory held
 * still:
 *
 *     deno run -A --v8-flags=--expose-gc,--single-threaded,\
 *       --max-semi-space-size=1 tests/tensorflow/_training_memory.ts [compiled]
 */
import { compile, handleCount, tf } from "@/tensorflow/mod.ts";

const collect = (globalThis as unknown as {
  gc(options: { type: "major"; flavor: "last-resort" }): void;
}).gc;
const libc = Deno.dlopen("libc.so.6", {
  malloc_trim: { parameters: ["usize"], result: "i32" },
});
const x = tf.randomNormal<tf.Rank.R4>([16, 32, 32, 3]);
const y = tf.randomNormal([16, 10]);
const filter = tf.variable(tf.randomNormal<tf.Rank.R4>([3, 3, 3, 8], 0, 0.1));
const weights = tf.variable(tf.randomNormal<tf.Rank.R2>([2048, 10], 0, 0.01));
const adam = tf.train.adam(1e-3);

/** One step; each of its activations takes 128 KiB. */
function minimize(): tf.Scalar {
  return adam.minimize(
    () => {
      const hidden = tf.relu(tf.conv2d(x, filter, 2, "same")); // [16, 16, 16, 8]
      const guess = tf.matMul(hidden.as2D(16, 2048), weights);
      return tf.losses.meanSquaredError(y, guess).asScalar();
    },
    true,
    [filter, weights],
  )!;
}

const minimizeOnce = Deno.args[0] === "compiled" ? compile(minimize) : minimize;

function step(): void {
  const loss = minimizeOnce();
  loss.dataSync();
  loss.dispose();
}

function measure() {
  collect({ type: "major", flavor: "last-resort" });
  libc.symbols.malloc_trim(0n); // What libc keeps for later is no leak.
  return {
    resident: Deno.memoryUsage().rss,
    handles: handleCount(),
    tensors: tf.memory().numTensors,
  };
}

for (let i = 1; i <= 100; i++) step();
const measures = [measure()];
for (let i = 101; i <= 2000; i++) {
  step();
  if (i % 950 === 100) measures.push(measure());
}
console.log(JSON.stringify(measures));
