import { assertEquals } from "@std/assert";
import { webp } from "@/baselines/mod.ts";
import { checkCodec, waves } from "./_check_codec.ts";

checkCodec(webp, 90);

Deno.test("WebP files are one lossy chunk in a RIFF", async () => {
  const file = await webp.encode(waves(32, 32), 50);
  const text = (from: number) =>
    new TextDecoder().decode(file.subarray(from, from + 4));
  assertEquals([text(0), text(8), text(12)], ["RIFF", "WEBP", "VP8 "]);
  const chunk = new DataView(file.buffer).getUint32(16, true);
  assertEquals(file.length, 20 + chunk + chunk % 2);
});
