import { assertEquals, assertRejects } from "@std/assert";
import { jpeg } from "@/baselines/mod.ts";
import { checkCodec, waves } from "./_check_codec.ts";

checkCodec(jpeg, 90);

Deno.test("JPEG files are progressive and without application segments", async () => {
  const file = await jpeg.encode(waves(32, 32), 50);
  const markers: number[] = [];
  let at = 2;
  while (file[at + 1] !== 0xda) { // up to the first scan
    markers.push(file[at + 1]!);
    at += 2 + file[at + 2]! * 256 + file[at + 3]!;
  }
  assertEquals(markers.includes(0xc2), true); // progressive frame
  assertEquals(markers.some((m) => m > 0xe0 && m <= 0xef || m === 0xfe), false);
});

Deno.test("JPEG says which qualities it accepts", async () => {
  await assertRejects(
    () => jpeg.encode(waves(16, 16), 0),
    RangeError,
    "Quality of JPEG must be a whole number from 1 to 100, got 0.",
  );
});
