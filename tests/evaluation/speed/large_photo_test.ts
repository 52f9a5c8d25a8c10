/** Time and memory for a large photo, on one that is small. */
import { measureLargePhoto } from "@/evaluation/speed/large_photo.ts";
import { writeWeights } from "@/codec/model/weights_file.ts";
import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import { drawPicture, tinyModel } from "../../codec/_tiny_model.ts";

Deno.test("each step of a large photo is measured in its own process", async () => {
  const weights = await Deno.makeTempFile({ suffix: ".safetensors" });
  try {
    await Deno.writeFile(weights, await writeWeights(tinyModel()));
    const photo = drawPicture(64, 48, "large");
    const size = { width: 128, height: 96 };
    const cost = await measureLargePhoto(photo, weights, 50, size);
    assertEquals([cost.width, cost.height], [128, 96]);
    assertEquals(cost.made, "the photo of 64 x 48 pixels, enlarged");
    for (const ms of [cost.encodeMs, cost.decodeHighMs, cost.decodeMediumMs]) {
      assertGreater(ms, 0);
    }
    if (Deno.build.os === "linux") assertGreater(cost.encodeMiB!, 50);
    await assertRejects(
      () => measureLargePhoto(photo, "/no/weights", 50, size),
      Error,
      'The step "encode" fails',
    );
  } finally {
    await Deno.remove(weights);
  }
});
