/**
 * All test photos by a way of *super-resolution*: interpolated, or out of a
 * network that is trained first.
 *
 * @module
 */

import { type Pixels, resizeImage } from "@/images/mod.ts";
import {
  type Autoencoder,
  doubleSize,
  type Interpolation,
} from "@/models/mod.ts";
import { enlargePairs } from "./measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { originals, type Run } from "@/training/mod.ts";
import type { SectionContext } from "@/experiment/types.ts";
import type { EnlargingName } from "./names.ts";
import {
  type EnlargerNetwork,
  type EnlargeSettings,
  fromBoth,
  fromCode,
  fromMedium,
  highDecoder,
} from "./networks.ts";
import { type EnlargerTraining, trainEnlarger } from "./train.ts";
import { trainedNetwork } from "@/sections/autoencoders/networks.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";

/** What decides the networks and their training. */
export interface EnlargerSettings {
  /** The high network, whose code is stored. */
  readonly high: AutoencoderSettings;
  /** The network that sees the medium image, alone or beside the code. */
  readonly network: EnlargeSettings;
  /** How it is trained. */
  readonly training: EnlargerTraining;
  /** How the one from the medium image is trained on, against softness. */
  readonly sharper: EnlargerTraining;
  /** The larger decoder of the code. */
  readonly codeDecoder: {
    /** Channels inside of it. */
    readonly width: number;
    /** Residual blocks. */
    readonly blocks: number;
    /** How it is trained. */
    readonly training: EnlargerTraining;
  };
}

/** Test photos by a way, and what it costs. */
export interface EnlargedPhotos {
  /** High images, in the order of the test pairs. */
  readonly photos: readonly Pixels[];
  /** Weights of all that is needed to make them. */
  readonly parameters: number;
  /** Multiplications a pixel; null for interpolation. */
  readonly multiplyAdds: number | null;
}

/**
 * Trains what a way needs, and makes the test photos.
 *
 * @param way Which way.
 * @param settings Of the networks.
 * @param data The photos.
 * @param context What the section was given.
 * @param run Where the way's training is kept.
 * @param base Where that from the medium image is kept, which the sharper one
 * goes on from.
 */
export async function enlargedPhotos(
  way: EnlargingName,
  settings: EnlargerSettings,
  data: SectionData,
  context: SectionContext,
  run: Run,
  base: Run | undefined,
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
  }
  const { network, training } = await makeNetwork(way, settings, data, context);
  try {
    if (way === "from medium, sharper") {
      // It is finished: its weights are loaded, and nobody is told again.
      const quiet = { ...context, controls: {} };
      await trainEnlarger(base!, network, settings.training, data, quiet);
    }
    if (training !== undefined) {
      await trainEnlarger(run, network, training, data, context);
    }
    const { parameters, multiplyAdds } = network;
    const photos = enlargePairs(test, network.enlarge);
    return { photos, parameters, multiplyAdds };
  } finally {
    network.dispose();
  }
}

/** What `sharp` makes of the medium images, asked for Lanczos. */
function byLibvips({ pairs: { test } }: SectionData): Promise<Pixels[]> {
  return Promise.all(
    originals(test, "medium").map((photo) =>
      resizeImage(photo, test.highSize, test.highSize)
    ),
  );
}

/** A network, to be disposed, and how it is trained; the high one is. */
async function makeNetwork(
  way: Exclude<EnlargingName, "libvips" | "bicubic" | "Lanczos">,
  settings: EnlargerSettings,
  data: SectionData,
  context: SectionContext,
): Promise<{
  readonly network: EnlargerNetwork;
  readonly training?: EnlargerTraining;
}> {
  const { seed } = context;
  const { network: shape, training, sharper, codeDecoder } = settings;
  switch (way) {
    case "from medium":
      return { network: fromMedium(shape, seed), training };
    case "from medium, sharper":
      return { network: fromMedium(shape, seed), training: sharper };
  }
  const { patch } = settings.high.residual;
  const kind = "residual from PCA";
  const { model: high } = await trainedNetwork(kind, settings.high, data);
  try {
    switch (way) {
      case "high network":
        return { network: withHigh(highDecoder(high, patch), high) };
      case "from both":
        return {
          network: withHigh(fromBoth(shape, high, patch, seed), high),
          training,
        };
      case "from code":
        return {
          network: withHigh(
            fromCode(codeDecoder, high, patch, data, seed),
            high,
          ),
          training: codeDecoder.training,
        };
    }
  } catch (error) {
    high.dispose();
    throw error;
  }
}

/** A network that is disposed together with the high one that it builds on. */
function withHigh(
  network: EnlargerNetwork,
  high: Autoencoder,
): EnlargerNetwork {
  return {
    ...network,
    dispose: () => {
      network.dispose();
      high.dispose();
    },
  };
}
