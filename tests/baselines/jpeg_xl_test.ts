import { assertEquals, assertGreater } from "@std/assert";
import { jpegXl } from "@/baselines/mod.ts";
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
