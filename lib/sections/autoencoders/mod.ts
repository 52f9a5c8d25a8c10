/**
 * Sections *medium training* and *high training*, the write-up's first two
 * steps: autoencoders of medium images, 172x172x3 to 43x43xC and back, and of
 * high images, 344x344x3 to a code of the same shape. Of each size the
 * write-up's convolutional network and ours, which starts at principal
 * components, beside the components alone and beside JPEG, WebP and AVIF.
 *
 * @module
 */

import type { PairSize } from "@/datasets/mod.ts";
import { resultHead } from "@/experiment/environment.ts";
import { measureQuality, ownImages } from "@/experiment/measure.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData } from "@/experiment/prepare_data.ts";
import { samplePairs, samplePhotos } from "@/experiment/samples.ts";
import type {
  Profile,
  Section,
  SectionContext,
  SectionName,
} from "@/experiment/types.ts";
import { pcaNetwork, roundTo8Bits, storedBytes } from "@/models/mod.ts";
import { TRAIN_PAIRS } from "@/sections/data/mod.ts";
import { originals, type RunRecord } from "@/training/mod.ts";
import { keptBaselines } from "./baselines.ts";
import { autoencoderFigures, networkStrip } from "./figures.ts";
import { fitComponents, trainedNetwork } from "./networks.ts";
import type {
  AutoencoderMetrics,
  AutoencoderResult,
  AutoencoderSettings,
  ModelRow,
  NetworkKind,
} from "./types.ts";

/** What differs between the sizes. */
const SIZES = {
  medium: { side: 172, patch: 4, widths: [32, 64], quickEpochs: 4 },
  high: { side: 344, patch: 8, widths: [32, 64, 64], quickEpochs: 3 },
} as const;

/** In the order of tables and figures. */
const KINDS: readonly NetworkKind[] = ["convolutional", "residual from PCA"];

/**
 * The settings of one size.
 *
 * @param size Which image of each pair.
 * @param profile How much work to do.
 */
export function autoencoderSettings(
  size: PairSize,
  profile: Profile,
): AutoencoderSettings {
  const { side, patch, widths, quickEpochs } = SIZES[size];
  return {
    size,
    side,
    trainPairs: TRAIN_PAIRS[profile],
    latentChannels: 8,
    batchSize: 16,
    epochs: profile === "quick" ? quickEpochs : 10,
    convolutional: { widths, schedule: { peak: 2e-3, warmUpSteps: 10 } },
    residual: {
      patch,
      width: 64,
      blocks: 2,
      schedule: { peak: 2e-3, warmUpSteps: 20 },
    },
  };
}

/** One of the two sections. */
export type AutoencoderSection = Section<
  AutoencoderSettings,
  AutoencoderMetrics
>;

/** The section of medium images. */
export const mediumTraining: AutoencoderSection = makeSection("medium");

/** The section of high images. */
export const highTraining: AutoencoderSection = makeSection("high");

function makeSection(size: PairSize): AutoencoderSection {
  const name = `${size}_training` as const;
  const { side } = SIZES[size];
  const settings = (profile: Profile) => autoencoderSettings(size, profile);
  return {
    name,
    title: `An autoencoder of ${size} images, ${side} × ${side}`,
    settings,
    run: (context) => runAutoencoders(name, settings(context.profile), context),
    figures: autoencoderFigures,
  };
}

/**
 * Does a section's work with other settings than a profile's: trains both
 * networks and measures everything.
 *
 * @param section The section's name, for the result.
 * @param settings The settings.
 * @param context What the section was given.
 * @returns The result.
 */
export async function runAutoencoders(
  section: SectionName,
  settings: AutoencoderSettings,
  context: SectionContext,
): Promise<AutoencoderResult> {
  const { size, side, latentChannels } = settings;
  const { folder } = context;
  const data = await prepareData(context, {
    trainPairs: settings.trainPairs,
    highSize: size === "high" ? side : 2 * side,
  });
  const { test } = data.pairs;
  const photos = originals(test, size);

  using pca = fitComponents(data, settings, latentChannels);
  const floor = measureQuality(
    ownImages(test, size, pcaNetwork(pca)),
    photos,
  );

  const history: RunRecord[] = [];
  const models: ModelRow[] = [];
  let shape: readonly number[] = [];
  for (const kind of KINDS) {
    const { model, ...run } = await trainedNetwork(kind, settings, data);
    const decoded = ownImages(test, size, model);
    const stored = ownImages(test, size, {
      encode: (x) => roundTo8Bits(model.encode(x)),
      decode: model.decode,
    });
    model.dispose();
    shape = model.latentShape;
    await writeStrip(
      `${folder}/${networkStrip(kind, "first")}`,
      run.firstEpoch,
    );
    await writeStrip(
      `${folder}/${networkStrip(kind, "last")}`,
      samplePhotos(data.pairs, decoded),
    );
    history.push(...run.history);
    const quality = measureQuality(decoded, photos);
    models.push({
      run: kind,
      parameters: model.parameters,
      ...quality,
      stored: measureQuality(stored, photos),
      aboveFloorDb: quality.psnrDb - floor.psnrDb,
    });
  }

  const examples = samplePairs(data.pairs);
  await writeStrip(`${folder}/original.webp`, originals(examples, size));
  const floats = shape.reduce((product, value) => product * value, 1);
  return {
    ...resultHead(section, settings, data),
    history,
    metrics: {
      latent: {
        shape,
        floats,
        pixelsPerFloat: side * side * 3 / floats,
        storedBytes: storedBytes(shape),
      },
      models,
      floor,
      baselines: await keptBaselines(
        size,
        storedBytes(shape),
        data,
        context.profile,
      ),
      examples: examples.names,
    },
  };
}
