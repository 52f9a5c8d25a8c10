import { assertEquals, assertGreater } from "@std/assert";
import {
  decodeJpegXlPrefix,
  jpegXl,
  jpegXlProgressive,
} from "@/baselines/mod.ts";
import { drawPicture } from "../codec/_tiny_model.ts";
import { psnr } from "@/metrics/mod.ts";
import { checkCodec, waves } from "./_check_codec.ts";

checkCodec(jpegXl, 95);

Deno.test("JPEG XL files are bare codestreams", async () => {
  const file = await jpegXl.encode(waves(32, 32), 50);
  assertEquals([...file.subarray(0, 2)], [0xff, 0x0a]);
});

Deno.test("JPEG XL takes fractions of a quality", async () => {
  const photo = waves(96, 96);
  const sizes: number[] = [];
  for (const quality of [90, 90.4, 90.8, 91.2]) {
    sizes.push((await jpegXl.encode(photo, quality)).length);
  }
  assertEquals(new Set(sizes).size, 4);
  assertGreater(sizes[3]!, sizes[0]!);
});

Deno.test("longer prefixes of a progressive JPEG XL are better images", async () => {
  const photo = drawPicture(384, 256, "progressive");
  const file = await jpegXlProgressive.encode(photo, 60);
  assertEquals(await decodeJpegXlPrefix(file.subarray(0, 4)), undefined);
  const decibels: number[] = [];
  for (const share of [0.3, 0.75, 1]) {
    const prefix = file.subarray(0, Math.round(share * file.length));
    const shown = await decodeJpegXlPrefix(prefix);
    assertEquals([shown!.width, shown!.height], [384, 256]);
    decibels.push(psnr(shown!.data, photo.data));
  }
  assertGreater(decibels[1]!, decibels[0]! + 5);
  assertGreater(decibels[2]!, decibels[1]!);
  // jxl-oxide draws the whole file as libjxl does.
  const whole = await jpegXlProgressive.decode(file);
  const same = await decodeJpegXlPrefix(file);
  assertGreater(psnr(same!.data, whole.data), 40);
});
