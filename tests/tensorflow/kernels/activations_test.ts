import { assert, assertEquals } from "@std/assert";
import { compile, tf } from "@/tensorflow/mod.ts";

function assertClose(actual: tf.Tensor, expected: tf.Tensor): void {
  assertEquals(actual.shape, expected.shape);
  const difference = actual.sub(expected).abs().max().dataSync()[0]!;
  assert(difference < 1e-5, `${actual} is not ${expected}`);
}

const x = () => tf.tensor2d([[-2, -0.5, 0], [0.25, 1, 3]]);
const dy = () => tf.tensor2d([[1, 2, 3], [-1, 0.5, 2]]);

Deno.test("gradients of activations are those of their formulas", () => {
  tf.tidy(() => {
    const slope = (f: (x: tf.Tensor) => tf.Tensor) => tf.grad(f)(x(), dy());
    const s = tf.sigmoid(x()), t = tf.tanh(x());
    assertClose(slope(tf.relu), dy().mul(tf.step(x())));
    assertClose(slope(tf.sigmoid), dy().mul(s.mul(tf.sub(1, s))));
    assertClose(slope(tf.tanh), dy().mul(tf.sub(1, t.square())));
  });
});

Deno.test("the gradient of ReLU is 0 where the input is 0", () => {
  tf.tidy(() => {
    const slope = tf.grad((x: tf.Tensor) => tf.relu(x))(tf.tensor1d([0, -0]));
    assertEquals(Array.from(slope.dataSync()), [0, 0]);
  });
});

Deno.test("ReLU of a sum is compiled to what it is op by op", () => {
  const reluOfSum = (x: tf.Tensor) => tf.relu(x.add(x));
  using compiled = compile(reluOfSum);
  const x = tf.tensor1d([-2, -0, 0, 3, NaN, Infinity, -Infinity]);
  const expected = reluOfSum(x);
  assertEquals(compiled(x).dataSync(), expected.dataSync());
  tf.dispose([x, expected]);
});

for (const alpha of [0, 0.1, 1, -0.5]) {
  Deno.test(`the gradient of leaky ReLU is ${alpha} below 0`, () => {
    tf.tidy(() => {
      const leaky = (x: tf.Tensor) => tf.leakyRelu(x, alpha);
      const slope = tf.where(x().greater(0), 1, alpha);
      assertClose(tf.grad(leaky)(x(), dy()), dy().mul(slope));
    });
  });
}

Deno.test("a gradient goes through the slope of ReLU", () => {
  tf.tidy(() => {
    const first = (w: tf.Tensor) =>
      tf.grad((x: tf.Tensor) => tf.relu(x.mul(w)).square())(tf.scalar(3));
    // d/dw (2 · w · x · w) = 4 · w · x
    const second = tf.grad(first)(tf.scalar(2));
    assertEquals(second.dataSync()[0], 24);
  });
});

for (const shape of [[3], [1, 3], [1, 1, 1, 3]]) {
  Deno.test(`a bias of shape [${shape}] is added and summed`, () => {
    tf.tidy(() => {
      const a = tf.randomNormal([2, 4, 5, 3], 0, 1, "float32", 1);
      const bias = tf.tensor([1, -2, 0.5], shape);
      const sum = a.add(bias);
      assertClose(sum.sub(a).mean([0, 1, 2]), tf.tensor1d([1, -2, 0.5]));
      const down = tf.randomNormal([2, 4, 5, 3], 0, 1, "float32", 2);
      const [da, db] = tf.grads((a, b) => a.add(b))([a, bias], down);
      assertClose(da!, down);
      const channels = tf.unstack(down, 3).map((channel) => channel.sum());
      assertClose(db!, tf.stack(channels).reshape(shape));
    });
  });
}

Deno.test("sums of other types and axes are as before", () => {
  tf.tidy(() => {
    const whole = tf.tensor2d([[1, 2], [3, 4]], [2, 2], "int32");
    assertEquals(Array.from(whole.sum(0).dataSync()), [4, 6]);
    assertEquals(Array.from(whole.toFloat().sum(0).dataSync()), [4, 6]);
    assertEquals(Array.from(whole.toFloat().sum(1).dataSync()), [3, 7]);
    assertEquals(whole.toFloat().sum(0, true).shape, [1, 2]);
    assertEquals(Array.from(tf.zeros([0, 2]).sum(0).dataSync()), [0, 0]);
  });
});

for (const axis of [undefined, 0, 1, -1, [0, 1]]) {
  Deno.test(`the gradient of a mean over axis ${axis} is spread`, () => {
    tf.tidy(() => {
      const mean = (x: tf.Tensor) => x.mean(axis);
      const byHand = (x: tf.Tensor) => {
        const sum = x.sum(axis);
        return sum.div(x.size / sum.size);
      };
      const weigh = (f: (x: tf.Tensor) => tf.Tensor) =>
        tf.grad((x: tf.Tensor) => f(x).square())(x());
      assertClose(weigh(mean), weigh(byHand));
    });
  });
}
