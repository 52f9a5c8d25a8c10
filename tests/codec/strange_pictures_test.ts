/** The published weights on pictures that are no photos. */
import {
  decodeImage,
  encodeImage,
  loadModel,
  readWeights,
} from "@/codec/mod.ts";
import { kindUnits } from "@/codec/model/codec_model.ts";
import { flatPicture, strangePictures } from "@/evaluation/strange_pictures.ts";
import { halveImage } from "@/images/mod.ts";
import { mse, psnr } from "@/metrics/mod.ts";
import { assertGreater, assertLess } from "@std/assert";

const WEIGHTS = new URL(
  "../../results/codec/weights.safetensors",
  import.meta.url,
);
const QUALITIES = [10, 55, 100];

/** The mean squared error of 40 dB. */
const FORTY_DB = 6.5;

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
      // The mean of a block of 64 pixels is known to half a step; a
      // picture that is flat is only as good as that.
      const half = kindUnits(loaded.model, quality).greyLevels / 64 / 2;
      const flat = mse(flatPicture(medium).data, medium.data);
      const most = Math.max(flat + half ** 2, FORTY_DB);
      const small = mse(made.medium!.data, medium.data);
      assertLess(small, most, `${name}, medium, at ${quality}`);
    }
  }
  loaded.dispose();
});
