/** The published weights on pictures that are no photos. */
import {
  decodeImage,
  encodeImage,
  loadModel,
  readWeights,
} from "@/codec/mod.ts";
import { flatPicture, strangePictures } from "@/evaluation/strange_pictures.ts";
import { halveImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { assertGreater } from "@std/assert";

const WEIGHTS = new URL(
  "../../results/codec/weights.safetensors",
  import.meta.url,
);
const QUALITIES = [10, 55, 100];
Deno.test("strange pictures get better with the quality, and are never worse than a flat mean", async () => {
  const loaded = loadModel(readWeights(await Deno.readFile(WEIGHTS)));
  for (const [name, high] of strangePictures(64)) {
    const medium = await halveImage(high);
    let before = psnr(flatPicture(high).data, high.data);
    for (const quality of QUALITIES) {
      const file = await encodeImage(loaded, high, { quality });
      const made = await decodeImage(loaded, file, { size: "both" });
      const found = psnr(made.high!.data, high.data);
      assertGreater(found, before, `${name} at ${quality}`);
      before = found;
      // Its mean is rounded; one that is flat is only as good as its quality.
      const flat = psnr(flatPicture(medium).data, medium.data);
      const least = Math.min(flat - 0.1, 40);
      const small = psnr(made.medium!.data, medium.data);
      assertGreater(small, least, `${name}, medium, at ${quality}`);
    }
  }
  loaded.dispose();
});
