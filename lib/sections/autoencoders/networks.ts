/**
 * The networks of the sections on training, made, trained or loaded: other
 * sections build on the very same ones.
 *
 * @module
 */

import type { PairSize } from "@/datasets/mod.ts";
import {
  type Autoencoder,
  convAutoencoder,
  disposePca,
  fitPatchPca,
  type PatchPca,
  residualAutoencoder,
} from "@/models/mod.ts";
import type { ScheduleSettings } from "@/training/mod.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { tensors } from "@/experiment/reconstruct.ts";
import type { SectionContext } from "@/experiment/section.ts";
import {
  type AutoencoderRun,
  trainAutoencoder,
} from "@/experiment/train_autoencoder.ts";

/** What decides the networks of one size and their training. */
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

/** What decides principal components, beside their number. */
export interface PatchSettings {
  /** Which image of each pair. */
  readonly size: PairSize;
  /** Its patches' side in pixels. */
  readonly residual: { readonly patch: number };
}

/** The write-up's network, or ours. */
export type NetworkKind = "convolutional" | "residual from PCA";

/** Components are fitted to every so many-th train pair. */
const PCA_EVERY = 4;

/**
 * Principal components of the train images' patches.
 *
 * @param channels How many, C.
 * @param every Takes every so many-th pair only.
 */
export function fitComponents(
  { pairs }: SectionData,
  { size, residual }: PatchSettings,
  channels: number,
  every: number = PCA_EVERY,
): PatchPca {
  const images = tensors(pairs.train, size, every);
  return fitPatchPca(images, residual.patch, channels);
}

/**
 * Makes a network and trains it, or loads it where it has been trained.
 *
 * @param kind Which network.
 * @param settings Its size and training.
 * @param data What it is trained on.
 * @param pca Where ours starts from.
 * @param context What the section was given.
 * @returns The network, to be disposed, and its run.
 */
export async function trainedModel(
  kind: NetworkKind,
  settings: AutoencoderSettings,
  data: SectionData,
  pca: PatchPca,
  context: SectionContext,
): Promise<{ readonly model: Autoencoder; readonly run: AutoencoderRun }> {
  const model = makeModel(kind, settings, pca, context.seed);
  const network = kind === "convolutional"
    ? settings.convolutional
    : settings.residual;
  try {
    const run = await trainAutoencoder(
      model,
      { network, trainPairs: settings.trainPairs, C: settings.latentChannels },
      {
        run: kind,
        size: settings.size,
        epochs: settings.epochs,
        batchSize: settings.batchSize,
        schedule: network.schedule,
      },
      data.pairs,
      data.summary,
      context,
    );
    return { model, run };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * {@linkcode trainedModel} for those who need the network alone: the
 * components are fitted here.
 *
 * @returns The network, to be disposed.
 */
export async function trainedNetwork(
  kind: NetworkKind,
  settings: AutoencoderSettings,
  data: SectionData,
  context: SectionContext,
): Promise<Autoencoder> {
  const pca = fitComponents(data, settings, settings.latentChannels);
  try {
    const { model } = await trainedModel(kind, settings, data, pca, context);
    return model;
  } finally {
    disposePca(pca);
  }
}

function makeModel(
  kind: NetworkKind,
  settings: AutoencoderSettings,
  pca: PatchPca,
  seed: number,
): Autoencoder {
  const { side: size, latentChannels } = settings;
  if (kind === "convolutional") {
    const { widths } = settings.convolutional;
    return convAutoencoder({ size, widths, latentChannels, seed });
  }
  const { patch, width, blocks } = settings.residual;
  return residualAutoencoder(
    { size, patch, width, blocks, latentChannels, seed },
    pca,
  );
}
