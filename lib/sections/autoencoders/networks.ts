/**
 * The networks of medium and high images, made, trained or loaded: other
 * sections build on the very same ones.
 *
 * @module
 */

import { photoGrid } from "@/charts/mod.ts";
import { readStrip, writeStrip } from "@/experiment/photo_strip.ts";
import { FIT_EVERY, type SectionData } from "@/experiment/prepare_data.ts";
import { sectionRun } from "@/experiment/run_grid.ts";
import { samplePairs } from "@/experiment/samples.ts";
import type { Pixels } from "@/images/mod.ts";
import {
  type Autoencoder,
  convAutoencoder,
  fitPatchPca,
  type PatchPca,
  reconstructionLoss,
  residualAutoencoder,
} from "@/models/mod.ts";
import { compile, type tf } from "@/tensorflow/mod.ts";
import {
  Adam,
  imageTensor,
  isWriter,
  originals,
  reconstruct,
  type RunRecord,
  stepsPerPass,
  tensors,
  trainOnPairs,
  validateImages,
  workerShare,
} from "@/training/mod.ts";
import type { AutoencoderSettings, NetworkKind } from "./types.ts";

/** What decides principal components besides their number. */
export type PatchSettings = Pick<AutoencoderSettings, "size"> & {
  /** Side of the patches in pixels. */
  readonly residual: Pick<AutoencoderSettings["residual"], "patch">;
};

/**
 * Principal components of the train images' patches.
 *
 * @param data The pairs.
 * @param settings Which image of each pair, and the patches' side.
 * @param channels Number of components, C.
 * @param every Takes every nth pair only.
 * @returns The components, to be disposed.
 */
export function fitComponents(
  { pairs }: SectionData,
  { size, residual }: PatchSettings,
  channels: number,
  every: number = FIT_EVERY,
): PatchPca {
  const images = tensors(pairs.train, size, every);
  return fitPatchPca(images, residual.patch, channels);
}

/**
 * Makes a network that is not trained yet.
 *
 * @param kind Which network.
 * @param settings Its shape.
 * @param data The seed, and the pairs that our network's components come from.
 * @returns The network, to be disposed.
 */
export function untrainedNetwork(
  kind: NetworkKind,
  settings: AutoencoderSettings,
  data: SectionData,
): Autoencoder {
  const { side: size, latentChannels } = settings;
  const { seed } = data;
  if (kind === "convolutional") {
    const { widths } = settings.convolutional;
    return convAutoencoder({ size, widths, latentChannels, seed });
  }
  const { patch, width, blocks } = settings.residual;
  using pca = fitComponents(data, settings, latentChannels);
  return residualAutoencoder(
    { size, patch, width, blocks, latentChannels, seed },
    pca,
  );
}

/** A network that was trained, and how that went. */
export interface TrainedNetwork {
  /** The network, to be disposed. */
  readonly model: Autoencoder;
  /** Its losses. */
  readonly history: readonly RunRecord[];
  /** Test photos out of the network after the first epoch. */
  readonly firstEpoch: readonly Pixels[];
}

/**
 * Makes a network and trains it with mean squared error and Adam, resumes a
 * run that was stopped, or loads one that is finished.
 *
 * @param kind Which network.
 * @param settings Its shape and training.
 * @param data What it is trained on.
 * @returns The network and its losses.
 * @throws {TrainingStopped} When the signal stopped it.
 */
export async function trainedNetwork(
  kind: NetworkKind,
  settings: AutoencoderSettings,
  data: SectionData,
): Promise<TrainedNetwork> {
  const { size, epochs, trainPairs, latentChannels } = settings;
  const { pairs, seed, controls } = data;
  const network = kind === "convolutional"
    ? settings.convolutional
    : settings.residual;
  const { schedule } = network;
  // Two workers with batches of 8 do what one with batches of 16 does.
  const batchSize = settings.batchSize * workerShare().count;
  const steps = Math.min(
    epochs * stepsPerPass(pairs.train, batchSize),
    data.steps ?? Infinity,
  );
  const run = sectionRun(data, kind, [
    { network, trainPairs, C: latentChannels },
    { run: kind, size, epochs, batchSize, schedule },
    data.summary,
    seed,
    steps,
  ]);
  const model = untrainedNetwork(kind, settings, data);
  try {
    const weights = model.weights();
    using adam = new Adam(weights);
    using pass = compile(
      (images: tf.Tensor4D) => model.decode(model.encode(images)),
      { name: `${kind} reconstruction` },
    );
    const samples = samplePairs(pairs);
    const strip = `${run.folder}/first_epoch.webp`;
    const history = await trainOnPairs(pairs.train, {
      run,
      phase: `Training ${size} (${kind})`,
      length: { steps },
      batchSize: settings.batchSize,
      sizes: [size],
      schedule,
      seed,
      state: new Map([...weights, ...adam.state()]),
      inputs: (batch) => ({ images: imageTensor(batch[size], settings.side) }),
      step: ({ images }, rate) =>
        adam.minimize(rate, () => ({
          loss: reconstructionLoss(model, images),
        })),
      validate: () => validateImages(pairs.valid, size, size, pass),
      onEpoch: async (epoch) => {
        const photos = reconstruct(samples, size, pass);
        if (epoch === 1 && isWriter()) await writeStrip(strip, photos);
        if (!controls.onPhotos && !controls.tensorBoard) return;
        const figure = await photoGrid({
          rows: [
            { label: "Original", photos: originals(samples, size) },
            { label: `Epoch ${epoch}`, photos },
          ],
          format: "jpeg",
        });
        controls.onPhotos?.(
          figure,
          `Photos out of ${kind} after epoch ${epoch}`,
        );
        return figure;
      },
    }, controls);
    // Only worker 0 has kept the photos of the first epoch, and shows them.
    const firstEpoch = isWriter()
      ? await readStrip(strip)
      : originals(samples, size);
    return { model, history, firstEpoch };
  } catch (error) {
    model.dispose();
    throw error;
  }
}
