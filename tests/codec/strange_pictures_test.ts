/** The published weights on pictures that are no photos. */
import {
  decodeImage,
  encodeImage,
  loadModel,
  readWeights,
} from "@/codec/mod.ts";
import { kindUnits } from "@/codec/model/codec_model.ts";
import { flatPicture, strangePictures } from "@/evaluation/strange_pictures.ts";
import { halveImage, type Pixels } from "@/images/mod.ts";
import { mse } from "@/metrics/mod.ts";
import { assertLess } from "@std/assert";

const WEIGHTS = new URL(
  "../../results/codec/weights.safetensors",
  import.meta.url,
);
const QUALITIES = [10, 55, 100];

/** The mean squared error of 40 dB. */
const FORTY_DB = 6.5;

Deno.test("strange pictures get better with the quality, and are never worse than a mean that is known to half a step", async () => {
  const loaded = loadModel(readWeights(await Deno.readFile(WEIGHTS)));
  for (const [name, high] of strangePictures(64)) {
    const medium = await halveImage(high);
    let before = Infinity;
    for (const quality of QUALITIES) {
      const file = await encodeImage(loaded, high, { quality });
      const made = await decodeImage(loaded, file, { size: "both" });
      // The mean of a block of 64 pixels is known to half a step; a
      // picture that is flat is only as good as that.
      const half = kindUnits(loaded.model, quality).greyLevels / 64 / 2;
      const flatError = (picture: Pixels) =>
        mse(flatPicture(picture).data, picture.data) + half ** 2;
      const found = mse(made.high!.data, high.data);
      const most = Math.min(before, flatError(high));
      assertLess(found, most, `${name} at ${quality}`);
      before = found;
      const small = mse(made.medium!.data, medium.data);
      const mediumMost = Math.max(flatError(medium), FORTY_DB);
      assertLess(small, mediumMost, `${name}, medium, at ${quality}`);
    }
  }
  loaded.dispose();
});
