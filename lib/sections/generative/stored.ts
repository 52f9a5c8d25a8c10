/**
 * A stored file whose second layer is made up: the codec's medium image, from
 * the first bytes of a file, enlarged by the networks of this section. Beside
 * it, at the same bytes, a file of the codec with its own second layer, and
 * AVIF.
 *
 *     photo ▶ codec ▶ [thumbnail, medium | high]
 *                      └▶ medium image ▶ enlarge ▶ high image, made up
 *
 * The networks were trained on medium images that no codec has changed. Two of
 * them are trained further here, on medium images from files of all the kinds
 * that are measured: the one of the least error and the one that
 * draws. What they add repairs the codec's errors, too, so their images are not
 * matched to the medium image.
 *
 * @module
 */

import {
  avif,
  avifDefault,
  type Codec,
  encodeNearSize,
} from "@/baselines/mod.ts";
import { hex } from "@/codec/format/bytes.ts";
import {
  decodeImage,
  encodeImage,
  encodeNear,
  type LoadedModel,
  loadModel,
  parseHeader,
  readWeights,
} from "@/codec/mod.ts";
import { type Pairs, SharedPairs } from "@/datasets/mod.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { runGrid } from "@/experiment/run_grid.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import type { Pixels } from "@/images/mod.ts";
import { mean } from "@/metrics/mod.ts";
import {
  doubleSize,
  type EnlargingNetworks,
  MATCH_PASSES,
  matchMedium,
} from "@/models/enlarging/mod.ts";
import { tf } from "@/tensorflow/mod.ts";
import { originals, type Run } from "@/training/mod.ts";
import { join } from "node:path";
import { enlargePairs } from "@/sections/super_resolution/measure.ts";
import {
  type Enlarger,
  trainEnlarger,
} from "@/sections/super_resolution/train.ts";
import type { GenerativeMeasure } from "./measure.ts";
import { drawPhotos, trainSampler } from "./sampling.ts";
import type {
  GenerativeSettings,
  StoredFile,
  StoredFound,
  StoredRow,
  StoredWay,
} from "./types.ts";

/** What is measured here, and with what. */
export interface StoredPlan {
  /** What decides it. */
  readonly settings: GenerativeSettings;
  /** What it is measured on. */
  readonly data: SectionData;
  /** Of the weights of the section; two of them are trained further. */
  readonly networks: EnlargingNetworks;
  /** Changes with the networks' weights. */
  readonly weightsId: string;
  /** Measures the test photos. */
  readonly measure: GenerativeMeasure;
}

/**
 * Measures files whose second layer is made up, unless it was done before.
 *
 * @param plan Settings, photos and networks.
 * @returns What was found.
 */
export async function runStored(
  plan: StoredPlan,
): Promise<{ readonly found: StoredFound }> {
  const { settings: { stored, perception, sampling, network }, data } = plan;
  const path = join(PROJECT_ROOT, stored.model);
  const model = readWeights(await Deno.readFile(path));
  const [finished] = await runGrid([{
    name: "from the codec's medium image",
    identity: [
      ...[
        stored,
        perception,
        sampling.steps,
        network,
        hex(model.id),
        plan.weightsId,
      ],
      ...[data.summary, data.seed, data.steps],
      ...data.profile === "quick" ? [data.profile] : [],
    ],
    work: async (run) => {
      const loaded = loadModel(model);
      try {
        return await measureStored(run, plan, loaded);
      } finally {
        loaded.dispose();
      }
    },
  }], data);
  return finished!;
}

async function measureStored(
  run: Run,
  plan: StoredPlan,
  loaded: LoadedModel,
): Promise<StoredFound> {
  const { settings: { stored, training, sampling }, data, networks } = plan;
  const { train, valid, test } = data.pairs;
  const coded = await codedPairs(loaded, train, plan, stored.trainPairs);
  const pairs = {
    ...data.pairs,
    train: coded,
    valid: await codedPairs(loaded, valid, plan),
  };
  const rows: StoredRow[] = [];
  const rate = (bytes: number) => 8 * bytes / test.highSize ** 2;
  const add = async (
    way: StoredWay,
    quality: number,
    bytes: readonly number[],
    photos: readonly Pixels[],
  ) => {
    const { psnrDb, msssim, haarPsi, patches } = await plan.measure.of(photos);
    rows.push({
      ...{ way, quality, psnrDb, msssim, haarPsi },
      bitsPerPixel: mean(bytes.map(rate)),
      distance: patches.distance,
    });
  };
  const codec = data.profile === "quick" ? avifDefault : avif;
  const files = new Map<number, CodedTest>();
  for (const file of stored.files) {
    files.set(file.quality, await codeTest(loaded, test, file, data));
  }
  const base: Enlarger = {
    weights: networks.mean.weights(),
    enlarge: ({ medium }) => networks.mean.enlarge(medium),
  };
  for (const [quality, { medium, bytes, high, fileBytes }] of files) {
    const enlarged = (enlarge: (medium: tf.Tensor4D) => tf.Tensor4D) =>
      enlargePairs(medium, (pair) => enlarge(pair.medium));
    await add(
      "Lanczos",
      quality,
      bytes,
      enlarged((x) => doubleSize(x, "lanczos3")),
    );
    await add("least error", quality, bytes, enlarged(networks.mean.enlarge));
    await add(
      "adversarial",
      quality,
      bytes,
      enlarged((x) =>
        matchMedium(networks.adversarial.enlarge(x), x, MATCH_PASSES)
      ),
    );
    await add("whole file", quality, fileBytes, high);
    const own = await ownLayers(loaded, test, bytes);
    for (
      const [way, [sizes, photos]] of [
        ["its own layers", own],
        ["AVIF", await avifFiles(codec, test, bytes)],
      ] as const
    ) {
      // Files that are so small are not made by every codec.
      if (mean(sizes) > TOLERANCE * mean(bytes)) continue;
      await add(way, quality, sizes, photos);
    }
  }
  const own = { ...data, pairs };
  const name = (part: string): Run => ({
    ...run,
    name: `${run.name}, ${part}`,
    folder: `${run.folder}/${part.replaceAll(" ", "_")}`,
  });
  await trainEnlarger(name("least error"), base, {
    ...training,
    ...stored.training,
  }, own);
  await trainSampler(name("draws"), networks.sampler, base, {
    ...sampling,
    training: { ...sampling.training, ...stored.training },
    validateEvery: 1,
  }, own);
  for (const [quality, { medium, bytes }] of files) {
    const once = enlargePairs(medium, base.enlarge);
    await add("least error, trained on files", quality, bytes, once);
    const { draws } = drawPhotos(medium, networks.sampler, base, {
      steps: sampling.steps,
      draws: 1,
      matched: false,
    }, data.seed);
    await add("one draw, trained on files", quality, bytes, draws[0]!);
  }
  return { rows };
}

/** The test photos as files of one kind. */
interface CodedTest {
  /** The test pairs, with the medium images of the files. */
  readonly medium: Pairs;
  /** Bytes of each medium image. */
  readonly bytes: readonly number[];
  /** The high images of the files. */
  readonly high: readonly Pixels[];
  /** Bytes of each file. */
  readonly fileBytes: readonly number[];
}

async function codeTest(
  loaded: LoadedModel,
  test: Pairs,
  file: StoredFile,
  { controls: { signal } }: SectionData,
): Promise<CodedTest> {
  const medium: Pixels[] = [], high: Pixels[] = [];
  const bytes: number[] = [], fileBytes: number[] = [];
  for (const photo of originals(test, "high")) {
    const whole = await encodeImage(loaded, photo, { ...file, signal });
    const decoded = await decodeImage(loaded, whole, { size: "both" });
    medium.push(decoded.medium!);
    high.push(decoded.high!);
    bytes.push(parseHeader(whole).mediumBytes);
    fileBytes.push(whole.length);
  }
  return { medium: withMedium(test, medium), bytes, high, fileBytes };
}

/** Pairs whose medium images are other ones. */
function withMedium(pairs: Pairs, medium: readonly Pixels[]): SharedPairs {
  return SharedPairs.from(
    pairs.split,
    pairs.highSize,
    medium.map((_, i) => pairs.names[i]!),
    medium.map(({ data }, i) => ({ high: pairs.high(i), medium: data })),
  );
}

/** The first pairs, each with the medium image of a file of one kind. */
async function codedPairs(
  loaded: LoadedModel,
  pairs: Pairs,
  { settings: { stored: { files } }, data }: StoredPlan,
  most: number = pairs.count,
): Promise<SharedPairs> {
  const { onProgress, signal } = data.controls;
  const total = Math.min(most, pairs.count);
  const medium: Pixels[] = [];
  const side = pairs.highSize;
  for (let i = 0; i < total; i++) {
    onProgress?.({ phase: "Encoding pairs", done: i, total });
    const photo = { width: side, height: side, data: pairs.high(i) };
    const kind = files[i % files.length]!;
    const file = await encodeImage(loaded, photo, { ...kind, signal });
    const prefix = file.subarray(0, parseHeader(file).mediumBytes);
    const decoded = await decodeImage(loaded, prefix, { size: "medium" });
    medium.push(decoded.medium!);
  }
  return withMedium(pairs, medium);
}

/** By how much a codec's smallest files may be larger than wanted. */
const TOLERANCE = 1.1;

/** The codec's whole files of at most as many bytes, or its smallest. */
async function ownLayers(
  loaded: LoadedModel,
  test: Pairs,
  bytes: readonly number[],
): Promise<[number[], Pixels[]]> {
  const sizes: number[] = [], photos: Pixels[] = [];
  for (const [i, photo] of originals(test, "high").entries()) {
    const rate = 8 * bytes[i]! / test.highSize ** 2;
    const file = await encodeNear(loaded, photo, rate);
    sizes.push(file.bytes.length);
    photos.push((await decodeImage(loaded, file.bytes)).high!);
  }
  return [sizes, photos];
}

/** AVIF files of as many bytes, or its smallest. */
async function avifFiles(
  codec: Codec,
  test: Pairs,
  bytes: readonly number[],
): Promise<[number[], Pixels[]]> {
  const sizes: number[] = [], photos: Pixels[] = [];
  let start: number | undefined;
  for (const [i, photo] of originals(test, "high").entries()) {
    const file = await encodeNearSize(codec, photo, bytes[i]!, { start });
    start = file.quality; // photos of as many bytes have similar ones
    sizes.push(file.bytes.length);
    photos.push(await codec.decode(file.bytes));
  }
  return [sizes, photos];
}
