/**
 * The ways of *super-resolution*, each trained if it learns, and measured on
 * the test photos.
 *
 * @module
 */

import { writeStrip } from "@/experiment/photo_strip.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { type FinishedRun, runGrid } from "@/experiment/run_grid.ts";
import { samplePairs, samplePhotos } from "@/experiment/samples.ts";
import { cropImage, type Pixels, resizeImage } from "@/images/mod.ts";
import { doubleSize, type Interpolation } from "@/models/enlarging/mod.ts";
import { originals, type Run } from "@/training/mod.ts";
import { enlargePairs, measureEnlarged, worstSquare } from "./measure.ts";
import { makeEnlarger, type NetworkWay } from "./networks.ts";
import { trainEnlarger } from "./train.ts";
import {
  type EnlargedFound,
  ENLARGING_WAYS,
  type EnlargingName,
  enlargingTitle,
  type ShownPart,
  type ShownSettings,
  type SuperResolutionSettings,
  wholeOnes,
} from "./types.ts";

/** A way that is finished. */
export interface FinishedWay extends FinishedRun<EnlargedFound> {
  /** Which one. */
  readonly way: EnlargingName;
}

/**
 * Trains and measures the ways that are not finished.
 *
 * @param settings What decides them.
 * @param data What they are trained and measured on.
 * @returns All ways, in the order of tables.
 */
export async function runEnlargers(
  settings: SuperResolutionSettings,
  data: SectionData,
): Promise<FinishedWay[]> {
  const ways: FinishedWay[] = [];
  for (const way of ENLARGING_WAYS) {
    const base = ways.find((other) => other.way === "from medium");
    const [finished] = await runGrid([{
      name: enlargingTitle(way),
      identity: [
        wayIdentity(way, settings),
        settings.shown,
        data.summary,
        data.seed,
        data.steps,
      ],
      work: async (run): Promise<EnlargedFound> => {
        const { photos, ...cost } = await enlargedPhotos(
          way,
          settings,
          data,
          { run, base },
        );
        const path = (part: ShownPart) => `${run.folder}/${part}.webp`;
        await writeShown(path, photos, data, settings.shown);
        const against = originals(data.pairs.test, "high");
        return { ...measureEnlarged(photos, against), ...cost };
      },
    }], data);
    ways.push({ ...finished!, way });
  }
  return ways;
}

/** The settings that a way depends on. */
function wayIdentity(
  way: EnlargingName,
  { high, network, training, sharper, codeDecoder }: SuperResolutionSettings,
): unknown[] {
  const { convolutional: _, ...own } = high;
  switch (way) {
    case "from medium":
      return [network, training];
    case "from medium, sharper":
      return [network, training, sharper];
    case "high network":
      return [own];
    case "from code":
      return [own, codeDecoder];
    case "from both":
      return [own, network, training];
    default:
      return [];
  }
}

/** Test photos by a way, and what it costs. */
interface EnlargedPhotos
  extends Pick<EnlargedFound, "parameters" | "multiplyAdds"> {
  /** High images, in the order of the test pairs. */
  readonly photos: readonly Pixels[];
}

/** Makes the test photos, after training what a way needs. */
async function enlargedPhotos(
  way: EnlargingName,
  settings: SuperResolutionSettings,
  data: SectionData,
  runs: { readonly run: Run; readonly base: Run | undefined },
): Promise<EnlargedPhotos> {
  const { test } = data.pairs;
  const interpolated = (interpolation: Interpolation) =>
    enlargePairs(test, ({ medium }) => doubleSize(medium, interpolation));
  const fixed = { parameters: 0, multiplyAdds: null };
  switch (way) {
    case "libvips":
      return { photos: await byLibvips(data), ...fixed };
    case "bicubic":
      return { photos: interpolated("bicubic"), ...fixed };
    case "Lanczos":
      return { photos: interpolated("lanczos3"), ...fixed };
    default:
      return await byNetwork(way, settings, data, runs);
  }
}

/** What `sharp` makes of the medium images with its Lanczos filter. */
function byLibvips({ pairs: { test } }: SectionData): Promise<Pixels[]> {
  return Promise.all(
    originals(test, "medium").map((photo) =>
      resizeImage(photo, test.highSize, test.highSize)
    ),
  );
}

async function byNetwork(
  way: NetworkWay,
  settings: SuperResolutionSettings,
  data: SectionData,
  { run, base }: { readonly run: Run; readonly base: Run | undefined },
): Promise<EnlargedPhotos> {
  using network = await makeEnlarger(way, settings, data);
  switch (way) {
    case "from medium, sharper": {
      // The base is finished: its weights are loaded, without its records.
      const quiet = { ...data, controls: {} };
      await trainEnlarger(base!, network, settings.training, quiet);
      await trainEnlarger(run, network, settings.sharper, data);
      break;
    }
    case "from code":
      await trainEnlarger(run, network, settings.codeDecoder.training, data);
      break;
    case "from medium":
    case "from both":
      await trainEnlarger(run, network, settings.training, data);
  }
  const { parameters, multiplyAdds } = network;
  const photos = enlargePairs(data.pairs.test, network.enlarge);
  return { photos, parameters, multiplyAdds };
}

/**
 * Writes the photos that figures show of a way: a few whole ones, and a square
 * of each where interpolation has the largest error.
 *
 * @param path The path of a strip, given its part.
 * @param photos The test photos by that way, all of them.
 * @param data Their originals.
 * @param shown How many, and the side of the squares in pixels.
 */
export async function writeShown(
  path: (part: ShownPart) => string,
  photos: readonly Pixels[],
  { pairs }: SectionData,
  { count, side }: ShownSettings,
): Promise<void> {
  const samples = samplePairs(pairs, count);
  const shown = samplePhotos(pairs, photos, count);
  await writeStrip(path("photos"), wholeOnes(shown));
  const smooth = enlargePairs(
    samples,
    ({ medium }) => doubleSize(medium, "lanczos3"),
  );
  const against = originals(samples, "high");
  const squares = shown.map((photo, i) =>
    cropImage(photo, worstSquare(smooth[i]!, against[i]!, side))
  );
  await writeStrip(path("details"), squares);
}
