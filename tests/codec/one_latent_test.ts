/** The write-up's literal form: one latent, which two decoders read. */
import { decodeImage } from "@/codec/decode/decode_image.ts";
import { encodeImage } from "@/codec/encode/encode_image.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { parseHeader } from "@/codec/format/header.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import {
  assertEquals,
  assertLess,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { drawPicture, oneLatentModel, tinyModel } from "./_tiny_model.ts";

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
