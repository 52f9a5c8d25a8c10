import { assertEquals } from "@std/assert";
import { handleCount, tf } from "@/tensorflow/mod.ts";

Deno.test("strings compare by their bytes, with broadcasting", () => {
  const handles = handleCount();
  tf.tidy(() => {
    const a = tf.tensor2d([["a", "é"], ["b", "z"]]);
    const b = tf.tensor1d(["b", "z"]);
    const arrays = [tf.less, tf.lessEqual, tf.greater, tf.greaterEqual]
      .map((compare) => Array.from(compare(a, b).dataSync()));
    assertEquals(arrays, [
      [1, 0, 0, 0],
      [1, 0, 1, 1],
      [0, 1, 0, 0],
      [0, 1, 1, 1],
    ]);
  });
  assertEquals(handleCount(), handles);
});

Deno.test("strings are split, hashed and joined to n-grams", () => {
  tf.tidy(() => {
    const { values, indices, shape } = tf.string.stringSplit(
      ["a bc", "é"],
      " ",
    );
    assertEquals(values!.arraySync() as unknown, ["a", "bc", "é"]);
    assertEquals(indices!.arraySync(), [[0, 0], [0, 1], [1, 0]]);
    assertEquals(shape!.arraySync(), [2, 2]);
    const buckets = tf.string.stringToHashBucketFast(["a", "b", "a"], 1000);
    assertEquals(buckets.dtype, "int32");
    const [first, second, third] = Array.from(buckets.dataSync());
    assertEquals([first === third, first === second], [true, false]);
    const { nGrams } = tf.string.stringNGrams(
      ["a", "b", "c"],
      tf.tensor1d([0, 3], "int32"),
      "|",
      [2],
      "",
      "",
      0,
      false,
    );
    assertEquals(nGrams!.arraySync() as unknown, ["a|b", "b|c"]);
  });
});
