/**
 * Variational networks of both sizes for each weight of the prior, and plain
 * networks beside them, trained and measured.
 *
 * @module
 */

import type { PairSize } from "@/datasets/mod.ts";
import { readThroughMap, relateCodes } from "@/experiment/linear_maps.ts";
import { meanPsnr, measureCodes } from "@/experiment/measure.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type FinishedRun,
  type GridRun,
  runGrid,
} from "@/experiment/run_grid.ts";
import { samplePairs, writeSamples } from "@/experiment/samples.ts";
import { type Pixels, resizeImage } from "@/images/mod.ts";
import {
  applyLinearMap,
  type Autoencoder,
  isVariational,
  matchChannels,
  matchingMap,
} from "@/models/mod.ts";
import { trainedNetwork } from "@/sections/autoencoders/networks.ts";
import { originals, reconstruct, type RunRecord } from "@/training/mod.ts";
import {
  drawImages,
  interpolateImages,
  measureOwn,
  measureRate,
} from "./measure.ts";
import { trainedVae } from "./train.ts";
import {
  betaTitle,
  DRAWN_IMAGES,
  EXAMPLES,
  type RowPhotos,
  rowStrip,
  type VaeNetworkSettings,
  type VaeRow,
  type VaeSettings,
} from "./types.ts";

/** Images of an interpolation between two photos' codes, ends included. */
const INTERPOLATED_IMAGES = 5;

/** Seed of the codes that are sampled: the same codes for all networks. */
const DRAWN_NOISE = 1;

/** What was found of a finished row, with the losses of its training. */
export interface VaeFound {
  /** The row. */
  readonly row: VaeRow;
  /** Losses of both variational networks; none of plain ones. */
  readonly history: readonly RunRecord[];
}

/**
 * Trains and measures what is not finished.
 *
 * @param settings What, and how.
 * @param data What it is trained on.
 * @returns Plain networks, then the networks of each weight of the prior.
 */
export function runVaes(
  settings: VaeSettings,
  data: SectionData,
): Promise<FinishedRun<VaeFound>[]> {
  const { betas, ...networks } = settings;
  const { summary, seed, steps } = data;
  const runs = [null, ...betas].map((beta): GridRun<VaeFound> => ({
    name: `variational, both sizes, ${betaTitle(beta)}`,
    identity: [beta, networks, summary, seed, steps],
    work: async ({ folder }) => {
      const ofMedium = await trainedModel(beta, settings.medium, data);
      using medium = ofMedium.model;
      const ofHigh = await trainedModel(beta, settings.high, data);
      using high = ofHigh.model;
      const path = (photos: RowPhotos) => `${folder}/${rowStrip(beta, photos)}`;
      const row = await measureRow(medium, high, data, path);
      await writeDrawn(medium, "medium", data, path);
      await writeDrawn(high, "high", data, path);
      const history = [...ofMedium.history, ...ofHigh.history];
      return { row: { beta, ...row }, history };
    },
  }));
  return runGrid(runs, data);
}

/** A variational network, or for null the plain one with the same training. */
async function trainedModel(
  beta: number | null,
  settings: VaeNetworkSettings,
  data: SectionData,
): Promise<{
  readonly model: Autoencoder;
  readonly history: readonly RunRecord[];
}> {
  if (beta !== null) return await trainedVae(beta, settings, data);
  const steps = Math.min(settings.steps, data.steps ?? Infinity);
  const shorter = { ...data, steps };
  const { model } = await trainedNetwork("convolutional", settings, shorter);
  return { model, history: [] };
}

/** Measures a row and keeps photos of it. */
async function measureRow(
  medium: Autoencoder,
  high: Autoencoder,
  data: SectionData,
  path: (photos: RowPhotos) => string,
): Promise<Omit<VaeRow, "beta">> {
  const { pairs } = data;
  const { test } = pairs;
  const keep = (name: RowPhotos, photos: readonly Pixels[]) =>
    writeSamples(path(name), photos, pairs, EXAMPLES);
  const ofMedium = measureOwn(medium, "medium", test);
  const ofHigh = measureOwn(high, "high", test);
  const codes = await measureCodes(test, { high, medium });
  const { mapped, ...relation } = readThroughMap(data, high, medium);
  await keep("own", ofMedium.photos);
  await keep("scaled_down", codes.scaledDown);
  await keep("as_is", codes.fromHigh);
  await keep("mapped", mapped);
  const rate = (model: Autoencoder, size: PairSize) =>
    isVariational(model) ? measureRate(model, size, test) : null;
  return {
    medium: { ...ofMedium.quality, rate: rate(medium, "medium") },
    high: { ...ofHigh.quality, rate: rate(high, "high") },
    capture: {
      highScaledDownDb: codes.scores.highScaledDownDb,
      asIsDb: codes.scores.mediumFromHighDb,
      afterMatchingDb: afterMatchingDb(medium, high, data),
      ...relation,
    },
  };
}

/** Keeps images from sampled and interpolated codes of a variational model. */
async function writeDrawn(
  model: Autoencoder,
  size: PairSize,
  { pairs }: SectionData,
  path: (photos: RowPhotos) => string,
): Promise<void> {
  if (!isVariational(model)) return;
  const side = pairs.test.mediumSize;
  const keep = async (photos: RowPhotos, images: readonly Pixels[]) => {
    const small = images.map((image) => resizeImage(image, side, side));
    await writeStrip(path(photos), await Promise.all(small));
  };
  const samples = samplePairs(pairs, EXAMPLES);
  const between = interpolateImages(model, size, samples, INTERPOLATED_IMAGES);
  await keep(`${size}_drawn`, drawImages(model, DRAWN_IMAGES, DRAWN_NOISE));
  await keep(`${size}_walk`, between);
}

/** Order and signs of the channels are found on the validation photos. */
function afterMatchingDb(
  medium: Autoencoder,
  high: Autoencoder,
  { pairs: { valid, test } }: SectionData,
): number {
  const moments = relateCodes(valid, high, medium);
  using map = matchingMap(matchChannels(moments.correlations()));
  const photos = reconstruct(
    test,
    "high",
    (x) => medium.decode(applyLinearMap(map, high.encode(x))),
  );
  return meanPsnr(photos, originals(test, "medium"));
}
