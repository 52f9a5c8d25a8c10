import { assertAlmostEquals, assertEquals } from "@std/assert";
import { jpeg2000 } from "@/baselines/mod.ts";
import { checkCodec, waves } from "./_check_codec.ts";

checkCodec(jpeg2000, 8);

Deno.test("JPEG 2000 files are bare codestreams without a comment", async () => {
  const file = await jpeg2000.encode(waves(32, 32), 1);
  const view = new DataView(file.buffer, file.byteOffset);
  assertEquals(view.getUint16(0), 0xff4f);
  assertEquals(view.getUint16(file.length - 2), 0xffd9);
  const text = new TextDecoder("latin1").decode(file);
  assertEquals(text.includes("OpenJPEG"), false);
});

Deno.test("JPEG 2000 meets the wanted rate", async () => {
  const photo = waves(172, 172);
  for (const bpp of [0.25, 0.5, 1, 2]) {
    const file = await jpeg2000.encode(photo, bpp);
    assertAlmostEquals(file.length * 8 / (172 * 172), bpp, 0.03 * bpp);
  }
});
