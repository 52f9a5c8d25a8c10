/**
 * Variational networks of both sizes for each weight of the prior, and plain
 * networks beside them, trained and measured.
 *
 * @module
 */

import { type Pixels, resizeImage } from "@/images/mod.ts";
import {
  applyLinearMap,
  type Autoencoder,
  matchChannels,
  matchingMap,
  type VariationalAutoencoder,
} from "@/models/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { meanPsnr, measureCodes } from "@/experiment/measure.ts";
import { readThroughMap, relateCodes } from "@/experiment/linear_maps.ts";
import { originals, reconstruct } from "@/training/mod.ts";
import type { RunRecord } from "@/training/records.ts";
import type { SectionContext } from "@/experiment/types.ts";
import { samplePairs, samplePhotos } from "@/experiment/samples.ts";
import { measureOwn, measureRate } from "./measure.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type FinishedRun,
  type GridRun,
  runGrid,
} from "@/experiment/run_grid.ts";
import { trainedVae, type VaeNetworkSettings } from "./train.ts";
import { trainedNetwork } from "@/sections/autoencoders/networks.ts";
import {
  betaTitle,
  DRAWN_IMAGES,
  EXAMPLES,
  type RowPhotos,
  rowStrip,
  type VaeRow,
} from "./rows.ts";
import { drawImages, walkImages } from "./walk_codes.ts";

/** What decides the runs. */
export interface VaeRunSettings {
  /** The medium networks. */
  readonly medium: VaeNetworkSettings;
  /** The high networks; their code has the medium one's shape. */
  readonly high: VaeNetworkSettings;
  /** Weights of the prior, in this order. */
  readonly betas: readonly number[];
}

/** Images of a walk between two photos' codes, ends included. */
export const WALK_IMAGES = 5;

/** Noise of the images that are drawn: the same codes for all networks. */
const DRAWN_NOISE = 1;

/** Both networks of a row. */
interface RowModels {
  readonly medium: Autoencoder;
  readonly high: Autoencoder;
  /** The same where they are variational ones. */
  readonly variational?: {
    readonly medium: VariationalAutoencoder;
    readonly high: VariationalAutoencoder;
  };
  readonly history: readonly RunRecord[];
}

/** What a finished row has found, with the losses of its training. */
export interface VaeFound {
  /** The row. */
  readonly row: VaeRow;
  /** Losses of both variational networks; none for plain ones. */
  readonly history: readonly RunRecord[];
}

/**
 * Trains and measures what is not finished: plain networks first, then one
 * weight of the prior after the other.
 */
export function runVaes(
  settings: VaeRunSettings,
  data: SectionData,
  context: SectionContext,
): Promise<FinishedRun<VaeFound>[]> {
  const { betas, ...networks } = settings;
  const { seed, steps } = context;
  const runs = [null, ...betas].map((beta): GridRun<VaeFound> => ({
    name: `variational, both sizes, ${betaTitle(beta)}`,
    identity: [beta, networks, data.summary, seed, steps],
    work: async ({ folder }) => {
      const models = await rowModels(beta, settings, data, context);
      try {
        const row = await measureRow(beta, models, data, folder);
        return { row, history: models.history };
      } finally {
        models.medium.dispose();
        models.high.dispose();
      }
    },
  }));
  return runGrid(runs, context);
}

async function rowModels(
  beta: number | null,
  settings: VaeRunSettings,
  data: SectionData,
  context: SectionContext,
): Promise<RowModels> {
  if (beta === null) {
    const medium = await plain(settings.medium, data);
    const high = await plain(settings.high, data)
      .catch((error) => {
        medium.dispose();
        throw error;
      });
    return { medium, high, history: [] };
  }
  const first = await trainedVae(beta, settings.medium, data, context);
  const second = await trainedVae(beta, settings.high, data, context)
    .catch((error) => {
      first.model.dispose();
      throw error;
    });
  const variational = { medium: first.model, high: second.model };
  return {
    ...variational,
    variational,
    history: [...first.history, ...second.history],
  };
}

/** The plain network with the same training. */
async function plain(
  settings: VaeNetworkSettings,
  data: SectionData,
): Promise<Autoencoder> {
  const steps = Math.min(settings.steps, data.steps ?? Infinity);
  const { model } = await trainedNetwork("convolutional", settings, {
    ...data,
    steps,
  });
  return model;
}

async function measureRow(
  beta: number | null,
  { medium, high, variational }: RowModels,
  data: SectionData,
  folder: string,
): Promise<VaeRow> {
  const { test } = data.pairs;
  const ofMedium = measureOwn(medium, "medium", test);
  const ofHigh = measureOwn(high, "high", test);
  const codes = await measureCodes(test, {
    encode: high.encode,
    decodeHigh: high.decode,
    decodeMedium: medium.decode,
  });
  const { mapped, ...relation } = readThroughMap(high, "high", medium, data);
  const keep = async (name: RowPhotos, photos: readonly Pixels[]) =>
    await writeStrip(`${folder}/${rowStrip(beta, name)}`, photos);
  const shown = (photos: readonly Pixels[]) =>
    samplePhotos(data.pairs, photos, EXAMPLES);
  await keep("own", shown(ofMedium.photos));
  await keep("scaled_down", shown(codes.scaledDown));
  await keep("as_is", shown(codes.fromHigh));
  await keep("mapped", shown(mapped));
  for (const size of ["medium", "high"] as const) {
    if (variational === undefined) break;
    const model = variational[size];
    const small = (photos: readonly Pixels[]) =>
      Promise.all(
        photos.map((p) => resizeImage(p, test.mediumSize, test.mediumSize)),
      );
    const drawn = drawImages(model, DRAWN_IMAGES, DRAWN_NOISE);
    await keep(`${size}_drawn`, await small(drawn));
    const walk = walkImages(
      model,
      size,
      samplePairs(data.pairs, EXAMPLES),
      WALK_IMAGES,
    );
    await keep(`${size}_walk`, await small(walk));
  }
  const rate = (size: "medium" | "high") =>
    variational === undefined
      ? null
      : measureRate(variational[size], size, test);
  return {
    beta,
    medium: { ...ofMedium.quality, rate: rate("medium") },
    high: { ...ofHigh.quality, rate: rate("high") },
    capture: {
      highScaledDownDb: codes.highScaledDownDb,
      asIsDb: codes.mediumFromHighDb,
      afterMatchingDb: afterMatchingDb(medium, high, data),
      ...relation,
    },
  };
}

/** Order and signs of the channels are found on the validation photos. */
function afterMatchingDb(
  medium: Autoencoder,
  high: Autoencoder,
  { pairs: { valid, test } }: SectionData,
): number {
  const moments = relateCodes(high, "high", medium, valid, 1);
  const map = matchingMap(matchChannels(moments.correlations()));
  const photos = reconstruct(
    test,
    "high",
    (x) => medium.decode(applyLinearMap(map, high.encode(x))),
  );
  tf.dispose([map.weights, map.bias]);
  return meanPsnr(photos, originals(test, "medium"));
}
