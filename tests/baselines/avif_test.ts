import { assertEquals } from "@std/assert";
import { avif } from "@/baselines/mod.ts";
import { checkCodec, waves } from "./_check_codec.ts";

checkCodec(avif, 85);

Deno.test("AVIF files are of the AVIF brand, without Exif and ICC", async () => {
  const file = await avif.encode(waves(32, 32), 50);
  const text = new TextDecoder("latin1").decode(file);
  assertEquals(text.slice(4, 12), "ftypavif");
  assertEquals(/Exif|prof|mime/.test(text.slice(0, 400)), false);
});
