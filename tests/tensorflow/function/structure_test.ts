import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { compile, tf } from "@/tensorflow/mod.ts";
import { describeStructure } from "@/tensorflow/function/structure.ts";

function key(value: unknown): string {
  return describeStructure(value).key;
}

/** Values that are all different to a compiled function. */
const DIFFERENT: readonly unknown[] = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  "1",
  1n,
  -1n,
  10n ** 30n,
  true,
  null,
  undefined,
  "null",
  "",
  [],
  [1],
  [1, 2],
  [[1], 2],
  {},
  { a: 1 },
  { b: 1 },
  { a: -0 },
  new Date(0),
  new Date(1),
  /a/,
  /a/g,
  new Map(),
  new Map([[1, 2]]),
  new Map([["1", 2]]),
  new Map([[2, 1]]),
  new Set(),
  new Set([1]),
  new Set([1, 2]),
  new Uint8Array(0),
  new Uint8Array([1]),
  new Int8Array([1]),
  new Uint8Array([1, 0, 0, 0]),
  new Int32Array([1]),
  new Float32Array([0]),
  new Float32Array([-0]),
  new Uint8Array([1]).buffer,
  new DataView(new Uint8Array([1]).buffer),
  tf.buffer([1], "int32"),
  tf.buffer([1], "float32"),
  Symbol("a"),
  Symbol("a"),
  Symbol.for("a"),
  () => 1,
  () => 1,
  new (class Model {})(),
  new (class Model {})(),
];

Deno.test("different values have different keys", () => {
  const keys = new Map<string, unknown>();
  for (const value of DIFFERENT) {
    const text = key([value]);
    assertEquals(keys.has(text), false, `${text} is the key of another value`);
    keys.set(text, value);
  }
});

Deno.test("equal values have equal keys", () => {
  const make = () => [
    NaN,
    -0,
    2n,
    "text",
    { list: [1, { deep: null }] },
    new Date(5),
    new Map<unknown, unknown>([["a", [1]], ["b", new Set([2])]]),
    new Float32Array([1, NaN]),
    Symbol.for("a"),
  ];
  assertEquals(key(make()), key(make()));
});

Deno.test("only values of numbers differ within a kind", () => {
  const kind = (value: unknown) => describeStructure(value).kind;
  assertEquals(kind([1, "a", 2n]), kind([NaN, "a", 5n]));
  assertNotEquals(kind([1, "a"]), kind([1, "number 2"]));
});

Deno.test("a structure that contains itself is refused", () => {
  const loop: unknown[] = [];
  loop.push({ loop });
  assertThrows(() => key(loop), RangeError, "contains itself");
});

Deno.test("a disposed tensor is refused by tfjs's own error", () => {
  const gone = tf.scalar(1);
  gone.dispose();
  assertThrows(() => key(gone), Error, "Tensor is disposed.");
});

/** Containers, and how they are changed in place. */
const CHANGES: Readonly<
  Record<string, readonly [unknown, (value: never) => number, () => void]>
> = (() => {
  const list = [1], plain = { n: 1 }, array = new Float32Array([1]);
  const date = new Date(1), map = new Map([["n", 1]]), set = new Set([1]);
  const view = new DataView(new ArrayBuffer(4)), buffer = tf.buffer([1]);
  view.setInt32(0, 1);
  buffer.set(1, 0);
  return {
    "an array": [list, (value: number[]) => value[0]!, () => list[0] = 2],
    "an object": [plain, (value: { n: number }) => value.n, () => plain.n = 2],
    "a typed array": [
      array,
      (value: Float32Array) => value[0]!,
      () => array[0] = 2,
    ],
    "a date": [date, (value: Date) => value.getTime(), () => date.setTime(2)],
    "a map": [
      map,
      (value: Map<string, number>) => value.get("n")!,
      () => map.set("n", 2),
    ],
    "a set": [set, (value: Set<number>) => value.size, () => set.add(2)],
    "a data view": [
      view,
      (value: DataView) => value.getInt32(0),
      () => view.setInt32(0, 2),
    ],
    "a tensor buffer": [
      buffer,
      (value: tf.TensorBuffer<tf.Rank>) => value.get(0),
      () => buffer.set(2, 0),
    ],
  };
})();

for (const [what, [value, read, change]] of Object.entries(CHANGES)) {
  Deno.test(`${what} that is changed in place is read anew`, () => {
    tf.tidy(() => {
      const times = compile((x: tf.Tensor, value: unknown) =>
        x.mul(read(value as never))
      );
      const three = tf.scalar(3);
      assertEquals(times(three, value).dataSync()[0], 3);
      change();
      assertEquals(times(three, value).dataSync()[0], 6);
      assertEquals(times.traces, 2);
      times.dispose();
    });
  });
}

Deno.test("tensors in maps and sets go in and come out", () => {
  tf.tidy(() => {
    const swap = compile((given: Map<string, Set<tf.Tensor>>) =>
      new Map(
        [...given].map(([name, tensors]) =>
          [name, new Set([...tensors].map((tensor) => tensor.mul(2)))] as const
        ),
      )
    );
    for (const value of [1, 5]) {
      const result = swap(new Map([["a", new Set([tf.scalar(value)])]]));
      const [tensor] = result.get("a")!;
      assertEquals(tensor!.dataSync()[0], 2 * value);
    }
    assertEquals(swap.traces, 1);
    swap.dispose();
  });
});

/** What the console is warned of while a function runs. */
function warnings(fn: () => void): string[] {
  const { warn } = console;
  const texts: string[] = [];
  console.warn = (text: string) => texts.push(text);
  try {
    fn();
  } finally {
    console.warn = warn;
  }
  return texts;
}

Deno.test("a number that changes at each call is warned of once", () => {
  const scale = compile((x: tf.Tensor, by: number) => x.mul(by), {
    name: "scale",
  });
  const texts = warnings(() =>
    tf.tidy(() => {
      for (let i = 0; i < 12; i++) scale(tf.scalar(1), i);
    })
  );
  assertEquals(texts, [
    '"scale" was traced 5 times for different numbers in its arguments, ' +
    "which takes time and memory at each call: pass a number that changes " +
    "as a tensor, such as tf.scalar(1).",
  ]);
  scale.dispose();
});

Deno.test("other shapes, texts and a scalar tensor bring no warning", () => {
  const scale = compile((x: tf.Tensor, by: tf.Tensor, _name: string) =>
    x.mul(by)
  );
  const texts = warnings(() =>
    tf.tidy(() => {
      for (let i = 1; i < 8; i++) {
        scale(tf.zeros([i]), tf.scalar(i), `name ${i}`);
        scale(tf.zeros([1]), tf.scalar(i), "name");
      }
    })
  );
  assertEquals(texts, []);
  scale.dispose();
});
