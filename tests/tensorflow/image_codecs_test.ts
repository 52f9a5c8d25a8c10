import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { handleCount, TensorFlowError, tf } from "@/tensorflow/mod.ts";

/** A smooth picture, `[16, 24, 3]`, 0 to 255. */
function picture(): tf.Tensor3D {
  const values = Array.from(
    { length: 16 * 24 * 3 },
    (_, i) => 10 * (i % 3) + 4 * (Math.floor(i / 3) % 24) + 5 * (i / 72 | 0),
  );
  return tf.tensor3d(values, [16, 24, 3], "int32");
}

Deno.test("a PNG comes back exactly", async () => {
  const handles = handleCount();
  const image = picture();
  const png = await tf.node.encodePng(image);
  assertEquals(Array.from(png.subarray(1, 4)), [80, 78, 71]);
  const decoded = tf.node.decodePng(png);
  assertEquals(decoded.shape, [16, 24, 3]);
  assertEquals(decoded.dtype, "int32");
  assertEquals(decoded.arraySync(), image.arraySync());
  tf.dispose([image, decoded]);
  assertEquals(handleCount(), handles);
});

Deno.test("a JPEG comes back nearly", async () => {
  const image = picture();
  const jpeg = await tf.node.encodeJpeg(image, "rgb", 95);
  assertEquals(Array.from(jpeg.subarray(0, 2)), [0xff, 0xd8]);
  const decoded = tf.node.decodeJpeg(jpeg);
  const worst = tf.tidy(() =>
    tf.max(tf.abs(tf.sub(decoded, image))).dataSync()[0]!
  );
  assertLess(worst, 12);
  const gray = tf.node.decodeJpeg(jpeg, 1);
  assertEquals(gray.shape, [16, 24, 1]);
  tf.dispose([image, decoded, gray]);
});

Deno.test("decodeImage() detects the format, BMP and GIF too", async () => {
  const image = picture();
  const png = await tf.node.encodePng(image);
  const jpeg = await tf.node.encodeJpeg(image);
  // One red pixel each.
  const bmp = new Uint8Array(58);
  const view = new DataView(bmp.buffer);
  bmp.set([0x42, 0x4d, 58], 0);
  [[10, 54], [14, 40], [18, 1], [22, 1]].forEach(([at, value]) =>
    view.setUint32(at!, value!, true)
  );
  bmp.set([1, 0, 24, 0], 26);
  bmp.set([0, 0, 255, 0], 54);
  const gif = Uint8Array.from(
    atob("R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="),
    (letter) => letter.charCodeAt(0),
  );
  const shapes = [png, jpeg, bmp, gif].map((bytes) => {
    const decoded = tf.node.decodeImage(bytes);
    const { shape } = decoded;
    if (shape.at(-2) === 1) {
      assertEquals(Array.from(decoded.dataSync()), [255, 0, 0]);
    }
    decoded.dispose();
    return shape;
  });
  assertEquals(shapes, [[16, 24, 3], [16, 24, 3], [1, 1, 3], [1, 1, 1, 3]]);
  image.dispose();
});

Deno.test("decoded pixels take part in arithmetic", async () => {
  const image = picture();
  const decoded = tf.node.decodePng(await tf.node.encodePng(image));
  tf.tidy(() => {
    const scaled = tf.div(tf.cast(decoded, "float32"), 255);
    const expected = tf.div(tf.cast(image, "float32"), 255);
    assertEquals(scaled.dataSync(), expected.dataSync());
    const doubled = tf.concat([decoded, decoded], 0);
    assertEquals(doubled.shape, [32, 24, 3]);
    assertEquals(tf.add(decoded, decoded).max().dataSync()[0], 2 * 187);
  });
  tf.dispose([image, decoded]);
});

Deno.test("bytes that are no image are an error", () => {
  const junk = new Uint8Array([1, 2, 3]);
  const error = assertThrows(
    () => tf.node.decodeJpeg(junk),
    TensorFlowError,
    "DecodeJpeg",
  );
  assertEquals(error.code, "INVALID_ARGUMENT");
});
