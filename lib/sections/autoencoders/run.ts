/**
 * A section that trains autoencoders of one size: the write-up's convolutional
 * one and ours, which starts at principal components, beside the components
 * alone and beside JPEG, WebP and AVIF.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Pixels } from "@/images/mod.ts";
import {
  disposePca,
  type PatchPca,
  pcaDecode,
  pcaEncode,
} from "@/models/mod.ts";
import { stripPath } from "./figures.ts";
import { type BaselineRow, baselinesNear } from "./baseline_table.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { prepareData, type SectionData } from "@/experiment/prepare_data.ts";
import {
  measureQuality,
  originals,
  type Quality,
  reconstruct,
} from "@/experiment/reconstruct.ts";
import { runGrid } from "@/experiment/run_grid.ts";
import { resultHead } from "@/experiment/result_head.ts";
import type {
  RunRecord,
  SectionContext,
  SectionName,
  SectionResult,
} from "@/experiment/section.ts";
import { roundTo8Bits, storedBytes } from "@/experiment/stored_code.ts";
import { samplePairs } from "@/experiment/train_autoencoder.ts";
import {
  type AutoencoderSettings,
  fitComponents,
  type NetworkKind,
  trainedModel,
} from "./networks.ts";

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
  const pca = fitComponents(prepared, settings, settings.latentChannels);
  try {
    const runs = [
      await trainRun("convolutional", settings, prepared, pca, context),
      await trainRun("residual from PCA", settings, prepared, pca, context),
    ];
    const examples = samplePairs(prepared.pairs);
    await writeStrip(
      `${context.folder}/original.webp`,
      originals(examples, settings.size),
    );
    return {
      ...resultHead(section, settings, prepared.summary, context),
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

interface FinishedRun {
  readonly name: string;
  readonly history: readonly RunRecord[];
  readonly parameters: number;
  readonly latentShape: readonly number[];
  readonly test: readonly Pixels[];
  readonly stored: readonly Pixels[];
}

async function trainRun(
  kind: NetworkKind,
  settings: AutoencoderSettings,
  data: SectionData,
  pca: PatchPca,
  context: SectionContext,
): Promise<FinishedRun> {
  const { test } = data.pairs;
  const { size } = settings;
  const { model, run } = await trainedModel(kind, settings, data, pca, context);
  try {
    await writeStrip(stripPath(context.folder, kind, "first"), run.firstEpoch);
    await writeStrip(stripPath(context.folder, kind, "last"), run.lastEpoch);
    return {
      name: kind,
      history: run.history,
      parameters: model.parameters,
      latentShape: model.latentShape,
      test: reconstruct(
        test,
        size,
        (images) => model.decode(model.encode(images)),
      ),
      stored: reconstruct(
        test,
        size,
        (images) => model.decode(roundTo8Bits(model.encode(images))),
      ),
    };
  } finally {
    model.dispose();
  }
}

/** The codecs' rows; AVIF takes long, so they are kept. */
async function baselines(
  photos: readonly Pixels[],
  bytes: number,
  context: SectionContext,
  halves?: readonly Pixels[],
): Promise<BaselineRow[]> {
  const hash = createHash("sha256");
  photos.forEach(({ data }) => hash.update(data));
  const [run] = await runGrid([{
    name: `codecs at ${photos[0]!.width} pixels`,
    identity: [
      hash.digest("hex"),
      bytes,
      ...halves === undefined ? [] : ["halves"],
    ],
    work: () => baselinesNear(photos, bytes, context.controls, halves),
  }], context);
  return run!.found;
}

async function compare(
  settings: AutoencoderSettings,
  { pairs }: SectionData,
  pca: PatchPca,
  runs: readonly FinishedRun[],
  context: SectionContext,
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
    baselines: await baselines(
      photos,
      bytes,
      context,
      size === "high" ? originals(pairs.test, "medium") : undefined,
    ),
  };
}
