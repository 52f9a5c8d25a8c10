import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertThrows,
} from "@std/assert";
import {
  chromeTrace,
  compile,
  handleCount,
  profileTable,
  tf,
} from "@/tensorflow/mod.ts";
import { ProtobufWriter } from "@/tensorflow/ffi/protobuf.ts";
import { opKind } from "@/tensorflow/profile/profile_report.ts";
import { readStepStats } from "@/tensorflow/profile/step_stats.ts";

const filter = tf.variable(tf.ones([3, 3, 3, 4]) as tf.Tensor4D);
const optimizer = tf.train.sgd(0.1);
const image = tf.ones([2, 8, 8, 3]) as tf.Tensor4D;

const makeStep = () =>
  compile((x: tf.Tensor4D) =>
    optimizer.minimize(
      () => tf.conv2d(x, filter, 1, "same").square().mean() as tf.Scalar,
      true,
    )!, { name: "tiny step" });

Deno.test("a profile has the ops of a compiled step, with shapes and times", () => {
  using step = makeStep();
  const { name, callMs, ops } = step.profile([image], 2);
  assertEquals(name, "tiny step");
  assert(callMs > 0);
  const kinds = ops.map(({ op }) => opKind(op));
  assert(kinds.includes("convolution"));
  assert(kinds.includes("gradient of filters"));
  const forward = ops.find(({ op }) => opKind(op) === "convolution")!;
  assertEquals(forward.shape, [2, 8, 8, 4]);
  const backward = ops.find(({ op }) => opKind(op) === "gradient of filters")!;
  assertEquals(backward.shape, [3, 3, 3, 4]);
  // The gradient needs the result of the forward pass.
  assert(backward.startMs >= forward.startMs + forward.durationMs);
  assertEquals(ops[0]!.startMs, 0);
  assert(ops.every(({ durationMs }) => durationMs >= 0));
});

Deno.test("a profile changes no variable and keeps no tensor", () => {
  using step = makeStep();
  step(image).dispose();
  const before = filter.dataSync().slice();
  const [handles, tensors] = [handleCount(), tf.memory().numTensors];
  step.profile([image], 3);
  assertEquals(filter.dataSync(), before);
  assertEquals(handleCount(), handles);
  assertEquals(tf.memory().numTensors, tensors);
  assertEquals(step.traces, 1);
});

Deno.test("a compiled convolution with bias and activation runs as one op", () => {
  const [scale, bias] = [tf.scalar(2), tf.ones([4])];
  using layer = compile((x: tf.Tensor4D) =>
    tf.conv2d(x, filter as tf.Tensor4D, 1, "same").add(bias).relu().mul(scale)
  );
  const { ops } = layer.profile([image], 1);
  const [fused, ...others] = ops.map(({ op }) => op);
  assertMatch(fused!, /FusedConv2D$/);
  assertEquals(others, ["Mul"]);
});

Deno.test("convolutions are fused where a sum goes on beside its ReLU", () => {
  using block = compile((x: tf.Tensor4D) => {
    const filters = tf.fill([3, 3, 2, 2], -0.1) as tf.Tensor4D;
    const convolve = (x: tf.Tensor) =>
      tf.conv2d(x as tf.Tensor4D, filters, 1, "same").add(tf.tensor1d([1, 2]));
    const sum = convolve(x).add(x);
    return sum.add(convolve(sum.relu()));
  });
  const x = tf.randomNormal([1, 4, 4, 2], 0, 1, "float32", 1) as tf.Tensor4D;
  const { ops } = block.profile([x], 1);
  const fused = ops.filter(({ op }) => /FusedConv2D$/.test(op));
  assertEquals(fused.length, 2, ops.map(({ op }) => op).join(" "));
  x.dispose();
});

Deno.test("a profile of no run is refused", () => {
  using step = makeStep();
  for (const runs of [0, 1.5, NaN]) {
    assertThrows(() => step.profile([image], runs), RangeError, `${runs}`);
  }
});

const op = (op: string, startMs: number, durationMs: number) => ({
  ...{ name: `${op}_1`, op, shape: [2, 3], startMs, durationMs },
});
const profile = {
  name: "made up",
  callMs: 10,
  ops: [
    op("_MklNativeFusedConv2D", 0, 4),
    op("Mul", 1, 2),
    op("Mul", 5, 2),
    op("SpaceToDepth", 8, 1),
  ],
};

Deno.test("the table adds up kinds, and the time in which nothing runs", () => {
  const lines = profileTable(profile, { lines: 2 }).split("\n")
    .map((line) => line.trim().split(/\s{2,}/));
  assertEquals(lines, [
    ["made up: 10.00 ms a call"],
    [""],
    ["kind", "ops", "ms", "share"],
    ["convolution", "1", "4.00", "44.4 %"],
    ["element-wise", "2", "4.00", "44.4 %"],
    ["layout", "1", "1.00", "11.1 %"],
    ["no op runs", "2.00"], // 4 to 5 and 7 to 8
    ["the call itself", "1.00"], // ops end at 9
    [""],
    ["op and first output", "ops", "ms", "share"],
    ["_MklNativeFusedConv2D [2, 3]", "1", "4.00", "44.4 %"],
    ["Mul [2, 3]", "2", "4.00", "44.4 %"],
    ["1 more", "1", "1.00", "11.1 %"],
  ]);
});

Deno.test("the trace file has ops in microseconds, side by side on two lines", () => {
  const { traceEvents } = JSON.parse(chromeTrace([profile]));
  assertEquals(traceEvents[0].args, { name: "made up" });
  const ops = traceEvents.slice(1);
  assertEquals(ops.map(({ name }: { name: string }) => name), [
    "_MklNativeFusedConv2D",
    "Mul",
    "Mul",
    "SpaceToDepth",
  ]);
  assertEquals(
    ops.map(({ ts, dur, tid }: Record<string, number>) => [
      ts,
      dur,
      tid,
    ]),
    [[0, 4000, 0], [1000, 2000, 1], [5000, 2000, 0], [8000, 1000, 0]],
  );
});

Deno.test("ops are sorted into kinds, those of oneDNN too", () => {
  const kinds = {
    _MklNativeFusedConv2D: "convolution",
    DepthwiseConv2dNative: "convolution",
    _MklNativeConv2DBackpropFilterWithBias: "gradient of filters",
    Conv2DBackpropInput: "gradient of inputs",
    _FusedMatMul: "matrix product",
    BiasAddGrad: "sum",
    Sum: "sum",
    ConcatV2: "layout",
    DepthToSpace: "layout",
    StatelessRandomUniform: "random numbers",
    CollectiveReduceV2: "exchange between workers",
    Cast: "copy",
    Sigmoid: "element-wise",
  };
  for (const [op, kind] of Object.entries(kinds)) {
    assertEquals(opKind(op), kind, op);
  }
});

Deno.test("a run's times are read from nanoseconds, without arguments", () => {
  // NodeExecStats: name, timeline_label, start, and begin and end after it
  const node = (label: string, start: number, begin: number, end: number) =>
    new ProtobufWriter().bytes(1, "x").bytes(8, label).varint(13, start)
      .varint(14, begin).varint(15, end);
  const device = new ProtobufWriter()
    .bytes(2, node("x = Mul(a, b)", 5_000_000, 250_000, 1_250_000))
    .bytes(2, node("a = _Arg()", 1_000_000, 0, 1_000))
    .bytes(2, node("[CPU] y = Add(a, b)", 4_000_000, 0, 500_000));
  const stats = new ProtobufWriter().bytes(1, device);
  const ops = readStepStats(new ProtobufWriter().bytes(1, stats).finish());
  assertEquals(ops.map(({ op }) => op), ["Add", "Mul"]);
  assertAlmostEquals(ops[1]!.startMs, 1.25, 1e-9);
  assertAlmostEquals(ops[1]!.durationMs, 1, 1e-9);
});
