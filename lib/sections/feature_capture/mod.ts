/**
 * Section *feature capture*: the medium decoder on the code of the high
 * encoder. The write-up saw it fail; here is by how much, and why.
 *
 *     high image ▶ high encoder ▶ z ▶ high decoder ▶ scaled down  ┐
 *                                 ├─▶ medium decoder, as it is    ├ against
 *                                 └─▶ linear map ▶ medium decoder ┘ medium image
 *
 * @module
 */

import { type Pixels, resizeImage } from "@/images/mod.ts";
import type { Autoencoder } from "@/models/mod.ts";
import type { tf } from "@/tensorflow/mod.ts";
import { highTraining } from "@/sections/autoencoders/high_training.ts";
import { mediumTraining } from "@/sections/autoencoders/medium_training.ts";
import { type FloorRow, pcaFloor, scaledDownDb } from "./pca_floor.ts";
import { featureCaptureFigures } from "./figures.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData, type SectionData } from "@/experiment/prepare_data.ts";
import { type CodeRelation, readThroughMap } from "./read_through_map.ts";
import {
  measureQuality,
  originals,
  reconstruct,
} from "@/experiment/reconstruct.ts";
import { resultHead } from "@/experiment/result_head.ts";
import type {
  Profile,
  RunRecord,
  Section,
  SectionContext,
  SectionResult,
} from "@/experiment/section.ts";
import { samplePairs, samplePhotos } from "@/experiment/train_autoencoder.ts";
import { type BothModels, trainApart } from "./train_apart.ts";
import {
  type AutoencoderSettings,
  type NetworkKind,
  trainedNetwork,
} from "@/sections/autoencoders/networks.ts";

/** What decides the section. */
export interface FeatureCaptureSettings {
  /** The medium networks. */
  readonly medium: AutoencoderSettings;
  /** The high networks. */
  readonly high: AutoencoderSettings;
  /** How the two convolutional networks are trained on, each for itself. */
  readonly trainOn: {
    readonly epochs: number;
    readonly batchSize: number;
    readonly learningRate: number;
  };
  /** Channels that the floor is measured for. */
  readonly floorChannels: readonly number[];
}

/** One kind of network; PSNR in dB against the medium image. */
export interface CaptureRow extends CodeRelation {
  /** Which networks. */
  readonly kind: NetworkKind;
  /** (a) The medium network on its own code. */
  readonly mediumOwnDb: number;
  /** (b) The high image decoded and scaled down by Lanczos. */
  readonly highScaledDownDb: number;
  /** The medium decoder on the high code as it is. */
  readonly asIsDb: number;
  /** The medium decoder on the high code after a linear map. */
  readonly afterLinearMapDb: number;
}

/** What the section finds. */
export interface FeatureCaptureMetrics {
  /** Networks trained apart. */
  readonly networks: readonly CaptureRow[];
  /**
   * Two medium networks that differ in their seed alone, which decides first
   * weights and the order of the images: not the image's size but training
   * apart is what parts the codes.
   */
  readonly twins: CodeRelation & {
    readonly ownDb: number;
    readonly asIsDb: number;
    readonly afterLinearMapDb: number;
  };
  /** Both convolutional networks trained on, each for itself. */
  readonly trainedOn: {
    readonly steps: number;
    /** Of the medium decoder on the high code, on the validation split. */
    readonly firstDb: number;
    readonly lastDb: number;
  };
  /** Principal components in place of the networks. */
  readonly floors: readonly FloorRow[];
  /** Photos of the figure. */
  readonly examples: readonly string[];
}

const KINDS: readonly NetworkKind[] = ["convolutional", "residual from PCA"];

/** The section. */
export const featureCapture: Section<
  FeatureCaptureSettings,
  FeatureCaptureMetrics
> = {
  name: "feature_capture",
  title: "The medium decoder on the high encoder's code",
  settings,
  run: (context) => runFeatureCapture(settings(context.profile), context),
  figures: featureCaptureFigures,
};

function settings(profile: Profile): FeatureCaptureSettings {
  return {
    medium: mediumTraining.settings(profile),
    high: highTraining.settings(profile),
    trainOn: {
      epochs: profile === "quick" ? 1 : 4,
      batchSize: 8,
      learningRate: 5e-4,
    },
    floorChannels: [4, 8, 16],
  };
}

/**
 * Does the section's work with other settings than a profile's.
 *
 * @param chosen The settings.
 * @param context What the section was given.
 */
export async function runFeatureCapture(
  chosen: FeatureCaptureSettings,
  context: SectionContext,
): Promise<SectionResult<FeatureCaptureSettings, FeatureCaptureMetrics>> {
  const data = await prepareData(context, chosen.medium.trainPairs);
  const examples = samplePairs(data.pairs);
  await writeStrip(
    `${context.folder}/original.webp`,
    originals(examples, "medium"),
  );
  const networks: CaptureRow[] = [];
  let trainedOn, twins, history: readonly RunRecord[] = [];
  for (const kind of KINDS) {
    const models = await bothModels(kind, chosen, data, context);
    try {
      networks.push(await measureCapture(kind, models, data, context));
      if (kind !== "convolutional") continue;
      twins = await measureTwins(models.medium, chosen, data, context);
      const run = await trainApart(models, chosen, data, context);
      ({ history, trainedOn } = run);
    } finally {
      models.medium.dispose();
      models.high.dispose();
    }
  }
  const floors: FloorRow[] = [];
  for (const channels of chosen.floorChannels) {
    floors.push(await pcaFloor(data, chosen.medium, chosen.high, channels));
  }
  return {
    ...resultHead("feature_capture", chosen, data.summary, context),
    history,
    metrics: {
      networks,
      twins: twins!,
      trainedOn: trainedOn!,
      floors,
      examples: examples.names,
    },
  };
}

async function bothModels(
  kind: NetworkKind,
  { medium, high }: FeatureCaptureSettings,
  data: SectionData,
  context: SectionContext,
): Promise<BothModels> {
  const ofMedium = await trainedNetwork(kind, medium, data, context);
  try {
    return {
      medium: ofMedium,
      high: await trainedNetwork(kind, high, data, context),
    };
  } catch (error) {
    ofMedium.dispose();
    throw error;
  }
}

async function measureCapture(
  kind: NetworkKind,
  { medium, high }: BothModels,
  data: SectionData,
  context: SectionContext,
): Promise<CaptureRow> {
  const { test } = data.pairs;
  const images = originals(test, "medium");
  const { mapped, ...relation } = readThroughMap(high, "high", medium, data);
  const decoded = reconstruct(test, "high", (x) => high.decode(high.encode(x)));
  const own = reconstruct(
    test,
    "medium",
    (x) => medium.decode(medium.encode(x)),
  );
  const asIs = reconstruct(test, "high", (x) => medium.decode(high.encode(x)));
  const row: CaptureRow = {
    kind,
    mediumOwnDb: measureQuality(own, images).psnrDb,
    highScaledDownDb: await scaledDownDb(decoded, images),
    asIsDb: measureQuality(asIs, images).psnrDb,
    ...relation,
  };
  const shown = (photos: readonly Pixels[]) => samplePhotos(data.pairs, photos);
  const small = await Promise.all(
    shown(decoded).map((photo) => resizeImage(photo, 172, 172)),
  );
  const slug = kind.replaceAll(" ", "_").toLowerCase();
  const { folder } = context;
  await writeStrip(`${folder}/${slug}_own.webp`, shown(own));
  await writeStrip(`${folder}/${slug}_scaled_down.webp`, small);
  await writeStrip(`${folder}/${slug}_as_is.webp`, shown(asIs));
  await writeStrip(`${folder}/${slug}_mapped.webp`, shown(mapped));
  return row;
}

async function measureTwins(
  medium: Autoencoder,
  chosen: FeatureCaptureSettings,
  data: SectionData,
  context: SectionContext,
): Promise<FeatureCaptureMetrics["twins"]> {
  const other = await trainedNetwork("convolutional", chosen.medium, data, {
    ...context,
    seed: context.seed + 1,
  });
  try {
    const { test } = data.pairs;
    const images = originals(test, "medium");
    const { mapped: _, ...relation } = readThroughMap(
      other,
      "medium",
      medium,
      data,
    );
    const quality = (through: (x: tf.Tensor4D) => tf.Tensor4D) =>
      measureQuality(reconstruct(test, "medium", through), images).psnrDb;
    return {
      ownDb: quality((x) => medium.decode(medium.encode(x))),
      asIsDb: quality((x) => medium.decode(other.encode(x))),
      ...relation,
    };
  } finally {
    other.dispose();
  }
}
