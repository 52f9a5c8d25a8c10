/** The write-up's literal form: one latent, which two decoders read. */
import { CodecError } from "@/codec/codec_error.ts";
import { type CodecModel, loadModel } from "@/codec/codec_model.ts";
import { CHANNELS } from "@/codec/colour_dct.ts";
import { decodeImage } from "@/codec/decode_image.ts";
import { encodeImage } from "@/codec/encode_image.ts";
import { parseHeader } from "@/codec/parse_header.ts";
import { seededRandom } from "@/datasets/mod.ts";
import {
  assertEquals,
  assertLess,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { drawPicture, tinyModel } from "./_tiny_model.ts";

/** The tiny model as one whose medium image is made from all latents. */
function oneLatentModel(): CodecModel {
  const model = tinyModel();
  const { values, shape } = model.real.get("medium/0/filters")!;
  const [side, , from, to] = shape as [number, number, number, number];
  const all = CHANNELS + 1;
  const random = seededRandom("one latent");
  const wide = Float32Array.from(
    { length: side * side * all * to },
    (_, i) => {
      const tap = Math.floor(i / (all * to));
      const channel = Math.floor(i / to) % all;
      // The same for what was read before, the level being the last of both.
      const old = channel === all - 1 ? from - 1 : channel;
      const isOld = channel < from - 1 || channel === all - 1;
      return isOld ? values[(tap * from + old) * to + i % to]! : random() - 0.5;
    },
  );
  const real = new Map(model.real);
  real.set("medium/0/filters", {
    shape: [side, side, all, to],
    values: wide,
  });
  return { ...model, real };
}

Deno.test("a model of one latent makes one layer for both images", async () => {
  const [loaded, layered] = [
    loadModel(oneLatentModel()),
    loadModel(tinyModel()),
  ];
  try {
    const picture = drawPicture(70, 40, "one latent");
    const file = await encodeImage(loaded, picture, { quality: 60 });
    assertEquals(parseHeader(file).layerBytes.length, 1);
    const found = await decodeImage(loaded, file, { size: "both" });
    assertEquals([found.medium!.width, found.medium!.height], [35, 20]);
    const alone = await decodeImage(loaded, file, { size: "medium" });
    assertEquals(alone.medium, found.medium);
    assertEquals(alone.high, undefined);

    const other = await encodeImage(layered, picture, { quality: 60 });
    const both = await decodeImage(layered, other, { size: "both" });
    assertEquals(found.high, both.high);
    assertNotEquals(found.medium, both.medium);
    // One stream and one checksum less.
    assertLess(file.length, other.length);
    await assertRejects(
      () => decodeImage(loaded, file.subarray(0, -1)),
      CodecError,
      "ends at byte",
    );
    await assertRejects(
      () => decodeImage(loaded, other),
      CodecError,
      "two layers, but its model makes one",
    );
  } finally {
    loaded.dispose();
    layered.dispose();
  }
});
