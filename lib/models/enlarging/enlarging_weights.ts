/**
 * The networks that enlarge photos, in one file.
 *
 * @module
 */

import { UserError } from "@/errors/user_error.ts";
import { prefixed } from "@/models/autoencoder.ts";
import {
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from "@/models/safetensors.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  type DetailSampler,
  detailSampler,
  type DetailSamplerSettings,
} from "./detail_sampler.ts";
import {
  type SuperResolutionNetwork,
  superResolutionNetwork,
  type SuperResolutionNetworkSettings,
} from "./super_resolution.ts";

/** What decides the networks' shapes, and how the sampler is used. */
export interface EnlargingShapes {
  /** Of the networks that make one image. */
  readonly network: Omit<
    SuperResolutionNetworkSettings,
    "hintChannels" | "seed"
  >;
  /** Of the sampler. */
  readonly sampler: DetailSamplerSettings;
  /** Steps of a draw. */
  readonly steps: number;
}

/** Weights by name. */
export type NamedWeights = ReadonlyMap<string, StoredTensor>;

/** The weights of each network. */
export interface EnlargingWeights {
  /** Trained for the least squared error. */
  readonly mean: NamedWeights;
  /** Trained against a discriminator. */
  readonly adversarial: NamedWeights;
  /** Draws detail. */
  readonly sampler: NamedWeights;
}

/** The networks, ready to be used. */
export interface EnlargingNetworks extends Disposable {
  /** Trained for the least squared error. */
  readonly mean: SuperResolutionNetwork;
  /** Trained against a discriminator. */
  readonly adversarial: SuperResolutionNetwork;
  /** Draws detail. */
  readonly sampler: DetailSampler;
  /** Steps of a draw. */
  readonly steps: number;
}

/**
 * Copies the weights of a network.
 *
 * @param weights By name.
 * @returns Their current values.
 */
export function copyWeights(
  weights: ReadonlyMap<string, tf.Variable>,
): NamedWeights {
  return new Map(Array.from(weights, ([name, weight]) => [name, {
    shape: weight.shape,
    data: weight.dataSync() as Float32Array,
  }]));
}

/**
 * Writes weights into a file's bytes.
 *
 * @param shapes Of the networks.
 * @param weights Of the networks.
 */
export function writeEnlargingWeights(
  shapes: EnlargingShapes,
  weights: EnlargingWeights,
): Uint8Array<ArrayBuffer> {
  const parts: Record<string, NamedWeights> = { ...weights };
  const tensors = new Map(
    Object.entries(parts).flatMap(([name, values]) => prefixed(name, values)),
  );
  return writeSafetensors({
    tensors,
    metadata: { enlarging: JSON.stringify(shapes) },
  });
}

/**
 * Makes the networks of a file.
 *
 * @param bytes Of {@linkcode writeEnlargingWeights}.
 * @returns The networks.
 * @throws {UserError} If the bytes are no weights of these networks.
 * @throws {SafetensorsError} If they are damaged.
 */
export function readEnlargingWeights(bytes: Uint8Array): EnlargingNetworks {
  const { tensors, metadata } = readSafetensors(bytes);
  const text = metadata["enlarging"];
  if (text === undefined) {
    throw new UserError("The file holds no weights of networks that enlarge.");
  }
  const { network, sampler: shape, steps } = JSON.parse(
    text,
  ) as EnlargingShapes;
  const mean = superResolutionNetwork({ ...network, seed: 0 });
  const adversarial = superResolutionNetwork({ ...network, seed: 0 });
  const sampler = detailSampler(shape, 0);
  const networks = { mean, adversarial, sampler };
  for (const [prefix, { weights }] of Object.entries(networks)) {
    setWeights(
      weights(),
      (name) => tensors.get(`${prefix}/${name}`) as StoredTensor | undefined,
    );
  }
  return {
    ...networks,
    steps,
    [Symbol.dispose]: () => {
      for (const { dispose } of Object.values(networks)) dispose();
    },
  };
}

function setWeights(
  weights: ReadonlyMap<string, tf.Variable>,
  stored: (name: string) => StoredTensor | undefined,
): void {
  for (const [name, weight] of weights) {
    const found = stored(name);
    if (found?.shape.join() !== weight.shape.join()) {
      throw new UserError(
        `The file's weights have no "${name}" of shape ` +
          `[${weight.shape.join(", ")}].`,
      );
    }
    tf.tidy(() => weight.assign(tf.tensor(found.data, [...found.shape])));
  }
}
