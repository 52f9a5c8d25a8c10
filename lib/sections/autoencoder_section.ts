/**
 * A section that trains autoencoders of one size: the write-up's convolutional
 * one and ours, which starts at principal components, beside the components
 * alone and beside JPEG, WebP and AVIF.
 *
 * @module
 */

import { lossChart, photoGrid } from "@/charts/mod.ts";
import type { PairSize } from "@/datasets/mod.ts";
import type { Pixels } from "@/images/mod.ts";
import {
  type Autoencoder,
  convAutoencoder,
  disposePca,
  fitPatchPca,
  type PatchPca,
  pcaDecode,
  pcaEncode,
  residualAutoencoder,
} from "@/models/mod.ts";
import type { ScheduleSettings } from "@/training/mod.ts";
import { type BaselineRow, baselinesNear } from "./baseline_table.ts";
import { describeMachine, describeVersions } from "./environment.ts";
import { readStrip, writeStrip } from "./photo_strip.ts";
import { prepareData, type SectionData } from "./prepare_data.ts";
import {
  measureQuality,
  originals,
  type Quality,
  reconstruct,
  tensors,
} from "./reconstruct.ts";
import type {
  Figure,
  RunRecord,
  SectionContext,
  SectionName,
  SectionResult,
} from "./section.ts";
import { roundTo8Bits, storedBytes } from "./stored_code.ts";
import { samplePairs, trainAutoencoder } from "./train_autoencoder.ts";

/** What decides the section's runs. */
export interface AutoencoderSettings {
  /** Which image of each pair. */
  readonly size: PairSize;
  /** Its side in pixels. */
  readonly side: number;
  /** Pairs to train on. */
  readonly trainPairs: number;
  /** Channels of the code, C. */
  readonly latentChannels: number;
  /** Images a step. */
  readonly batchSize: number;
  /** Times that all pairs are seen. */
  readonly epochs: number;
  /** The write-up's network. */
  readonly convolutional: {
    readonly widths: readonly number[];
    readonly schedule: ScheduleSettings;
  };
  /** Ours. */
  readonly residual: {
    readonly patch: number;
    readonly width: number;
    readonly blocks: number;
    readonly schedule: ScheduleSettings;
  };
}

/** A trained network on the test photos. */
export interface ModelRow extends Quality {
  /** The run's name. */
  readonly run: string;
  /** Weights. */
  readonly parameters: number;
  /** With its code stored in 8 bits a number. */
  readonly stored: Quality;
  /** PSNR above the principal components' in dB; below 0 it is undertrained. */
  readonly aboveFloorDb: number;
}

/** What the section finds; qualities are means over the test photos. */
export interface AutoencoderMetrics {
  /** The code. */
  readonly latent: {
    /** Shape of one photo's code. */
    readonly shape: readonly number[];
    /** Numbers in it. */
    readonly floats: number;
    /** Numbers of the image for each of the code's. */
    readonly pixelsPerFloat: number;
    /** Its bytes with 8 bits a number. */
    readonly storedBytes: number;
  };
  /** The trained networks. */
  readonly models: readonly ModelRow[];
  /** Principal components of as many channels: the best linear code. */
  readonly floor: Quality;
  /** Image codecs at the size of the stored code. */
  readonly baselines: readonly BaselineRow[];
  /** Photos of the figure. */
  readonly examples: readonly string[];
}

/** Names of the two runs. */
export const RUNS = {
  convolutional: "convolutional",
  residual: "residual from PCA",
} as const;

/** Photos are taken from every so many-th pair for the components. */
const PCA_EVERY = 4;

/**
 * Trains both networks and measures all.
 *
 * @param section The section's name, for the result.
 */
export async function runAutoencoderSection(
  section: SectionName,
  settings: AutoencoderSettings,
  context: SectionContext,
): Promise<SectionResult<AutoencoderSettings, AutoencoderMetrics>> {
  const prepared = await prepareData(context, settings.trainPairs);
  const pca = fitComponents(prepared, settings);
  try {
    const runs = [
      await trainRun(RUNS.convolutional, settings, prepared, pca, context),
      await trainRun(RUNS.residual, settings, prepared, pca, context),
    ];
    const examples = samplePairs(prepared.pairs);
    await writeStrip(
      `${context.folder}/original.webp`,
      originals(examples, settings.size),
    );
    return {
      section,
      profile: context.profile,
      settings,
      seed: context.seed,
      dataset: prepared.summary,
      machine: describeMachine(),
      versions: describeVersions(),
      history: runs.flatMap((run) => run.history),
      metrics: {
        ...await compare(settings, prepared, pca, runs, context),
        examples: examples.names,
      },
    };
  } finally {
    disposePca(pca);
  }
}

function fitComponents(
  { pairs }: SectionData,
  { size, residual, latentChannels }: AutoencoderSettings,
): PatchPca {
  const images = tensors(pairs.train, size, PCA_EVERY);
  return fitPatchPca(images, residual.patch, latentChannels);
}

interface FinishedRun {
  readonly name: string;
  readonly history: readonly RunRecord[];
  readonly parameters: number;
  readonly latentShape: readonly number[];
  readonly test: readonly Pixels[];
  readonly stored: readonly Pixels[];
}

async function trainRun(
  name: string,
  settings: AutoencoderSettings,
  { pairs, summary }: SectionData,
  pca: PatchPca,
  context: SectionContext,
): Promise<FinishedRun> {
  const model = makeModel(name, settings, pca, context.seed);
  const network = name === RUNS.convolutional
    ? settings.convolutional
    : settings.residual;
  try {
    const run = await trainAutoencoder(
      model,
      { network, trainPairs: settings.trainPairs, C: settings.latentChannels },
      {
        run: name,
        size: settings.size,
        epochs: settings.epochs,
        batchSize: settings.batchSize,
        schedule: network.schedule,
      },
      pairs,
      summary,
      context,
    );
    await writeStrip(strip(context.folder, name, "first"), run.firstEpoch);
    await writeStrip(strip(context.folder, name, "last"), run.lastEpoch);
    return {
      name,
      history: run.history,
      parameters: model.parameters,
      latentShape: model.latentShape,
      test: reconstruct(
        pairs.test,
        settings.size,
        (images) => model.decode(model.encode(images)),
      ),
      stored: reconstruct(
        pairs.test,
        settings.size,
        (images) => model.decode(roundTo8Bits(model.encode(images))),
      ),
    };
  } finally {
    model.dispose();
  }
}

function makeModel(
  name: string,
  settings: AutoencoderSettings,
  pca: PatchPca,
  seed: number,
): Autoencoder {
  const { side: size, latentChannels } = settings;
  if (name === RUNS.convolutional) {
    const { widths } = settings.convolutional;
    return convAutoencoder({ size, widths, latentChannels, seed });
  }
  const { patch, width, blocks } = settings.residual;
  return residualAutoencoder(
    { size, patch, width, blocks, latentChannels, seed },
    pca,
  );
}

async function compare(
  settings: AutoencoderSettings,
  { pairs }: SectionData,
  pca: PatchPca,
  runs: readonly FinishedRun[],
  { controls }: SectionContext,
): Promise<Omit<AutoencoderMetrics, "examples">> {
  const { size, side } = settings;
  const photos = originals(pairs.test, size);
  const floor = measureQuality(
    reconstruct(pairs.test, size, (x) => pcaDecode(pca, pcaEncode(pca, x))),
    photos,
  );
  const shape = runs[0]!.latentShape;
  const floats = shape.reduce((product, value) => product * value, 1);
  const bytes = storedBytes(shape);
  return {
    latent: {
      shape,
      floats,
      pixelsPerFloat: side * side * 3 / floats,
      storedBytes: bytes,
    },
    models: runs.map((run) => {
      const quality = measureQuality(run.test, photos);
      return {
        run: run.name,
        parameters: run.parameters,
        ...quality,
        stored: measureQuality(run.stored, photos),
        aboveFloorDb: quality.psnrDb - floor.psnrDb,
      };
    }),
    floor,
    baselines: await baselinesNear(photos, bytes, controls),
  };
}

function strip(folder: string, run: string, epoch: "first" | "last"): string {
  return `${folder}/${run.replaceAll(" ", "_").toLowerCase()}_${epoch}.webp`;
}

/** The write-up's figure for each network, and the loss graph of both. */
export async function autoencoderFigures(
  { settings, history, metrics }: SectionResult<
    AutoencoderSettings,
    AutoencoderMetrics
  >,
  folder: string,
): Promise<Figure[]> {
  const original = await readStrip(`${folder}/original.webp`);
  const figures: Figure[] = [];
  for (const { run } of metrics.models) {
    const epochs = Math.max(
      ...history.map((record) => record.run === run ? record.epoch : 1),
    );
    const rows = (["first", "last"] as const).map(async (which) => ({
      label: `After epoch ${which === "first" ? 1 : epochs}`,
      photos: await readStrip(strip(folder, run, which)),
    }));
    figures.push({
      name: `${run.replaceAll(" ", "_").toLowerCase()}_photos`,
      alt:
        `Originals over reconstructions of the ${run} network after epoch 1 and epoch ${epochs}`,
      photos: await photoGrid({
        title: `Test photos through the ${run} network`,
        rows: [
          { label: "Original", photos: original },
          ...await Promise.all(rows),
        ],
        columns: metrics.examples,
        scale: settings.size === "medium" ? 1 : 0.5,
        format: "jpeg",
      }),
    });
  }
  figures.push({
    name: "loss",
    chart: lossChart({
      title: `Loss of the ${settings.size} networks`,
      label: "Mean squared error",
      runs: metrics.models.map(({ run }) => ({
        name: run,
        history: history.filter((record) => record.run === run),
      })),
    }),
  });
  return figures;
}
