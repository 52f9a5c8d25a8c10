/**
 * The runs of *ablation 32x32*: each kind of network, each way, each seed.
 *
 * @module
 */

import type { Pixels } from "@/images/mod.ts";
import { reconstruct, removeCheckpoints, type Run } from "@/training/mod.ts";
import {
  type AblationKind,
  ablationStrip,
  ablationTitle,
  type AblationWay,
} from "./names.ts";
import { type AblationNetworks, makeAblationNetwork } from "./networks.ts";
import { decoderOf, lossOfKind, prefixed } from "@/models/mod.ts";
import { type CodeScores, measureCodes } from "@/experiment/measure.ts";
import { type CodeRelation, readThroughMap } from "@/experiment/linear_maps.ts";
import type { SectionContext } from "@/experiment/types.ts";
import { samplePhotos } from "@/experiment/samples.ts";
import {
  makeFixPair,
  type NetworkPair,
} from "@/sections/attempted_fixes/fix_pair.ts";
import { measurePair } from "@/sections/attempted_fixes/fix_runs.ts";
import { trainOneCode } from "@/sections/attempted_fixes/one_code.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type FinishedRun,
  type GridRun,
  runGrid,
} from "@/experiment/run_grid.ts";
import {
  type PairTraining,
  trainPair,
} from "@/sections/attempted_fixes/train_pair.ts";

/** What decides the runs. */
export interface AblationRunSettings {
  /** The networks without a fix. */
  readonly networks: AblationNetworks;
  /** In this order. */
  readonly kinds: readonly AblationKind[];
  /** In this order; no fix comes before the adapter, which builds on it. */
  readonly ways: readonly AblationWay[];
  /** Seeds a way, from the section's own on. */
  readonly seeds: number;
  /** Numbers in the middle of the third fix's fully connected layer. */
  readonly denseUnits: number;
  /** The same for all runs. */
  readonly training: PairTraining;
  /** What a variational network's distance from the prior counts. */
  readonly beta: number;
  /** What the medium image counts in joint training. */
  readonly mediumWeight: number;
  /** Pairs that linear maps are fitted to: every so many-th. */
  readonly mapEvery: number;
}

/** What one run has found, on the test photos; PSNR in dB. */
export interface AblationFound extends CodeScores {
  /** The medium network on its own code; null where there is none. */
  readonly mediumOwnDb: number | null;
  /** Without a fix: the medium decoder after a linear map of the high code. */
  readonly capture: AblationCapture | null;
  /** Weights of all that is trained. */
  readonly parameters: number;
}

/** The high code read through a linear map. */
export interface AblationCapture extends CodeRelation {
  /** PSNR of the medium images in dB. */
  readonly afterLinearMapDb: number;
}

/** A way of one kind with all its seeds. */
export interface AblationRow {
  /** Which networks. */
  readonly kind: AblationKind;
  /** Which way. */
  readonly way: AblationWay;
  /** One a seed. */
  readonly runs: readonly (AblationFound & { readonly seed: number })[];
}

/** The runs of a way, finished. */
export interface FinishedRow extends AblationRow {
  /** The run of the first seed. */
  readonly first: FinishedRun<AblationFound>;
}

/** A run among others. */
interface Job {
  readonly kind: AblationKind;
  readonly way: AblationWay;
  readonly seed: number;
}

/**
 * Trains and measures what is not finished.
 *
 * @param settings What, and how.
 * @param data What it is trained on; the same for all.
 * @param context What the section was given.
 * @returns A row a kind and way, in their order.
 */
export async function runAblation(
  settings: AblationRunSettings,
  data: SectionData,
  context: SectionContext,
): Promise<FinishedRow[]> {
  const rows: FinishedRow[] = [];
  const seeds = Array.from(
    { length: settings.seeds },
    (_, i) => context.seed + i,
  );
  const steps = Math.min(context.steps ?? Infinity, settings.training.steps);
  const chosen = { ...settings, training: { ...settings.training, steps } };
  for (const kind of settings.kinds) {
    // Adapters build on the networks without a fix, and nothing else does.
    let plain: readonly Run[] = [];
    for (const way of settings.ways) {
      const finished = await runGrid(
        seeds.map((seed, i) =>
          gridRun({ kind, way, seed }, chosen, data, context, plain[i])
        ),
        context,
      );
      if (way === "none") plain = finished;
      rows.push({
        kind,
        way,
        runs: finished.map(({ found }, i) => ({ seed: seeds[i]!, ...found })),
        first: finished[0]!,
      });
    }
    for (const { folder } of plain) await removeCheckpoints(folder);
  }
  return rows;
}

function gridRun(
  job: Job,
  settings: AblationRunSettings,
  data: SectionData,
  context: SectionContext,
  plain: Run | undefined,
): GridRun<AblationFound> {
  const { kind, way, seed } = job;
  const { networks, denseUnits, training, beta, mediumWeight, mapEvery } =
    settings;
  return {
    name: `${kind} 32x32, ${ablationTitle(way)}, seed ${seed}`,
    identity: [
      job,
      [networks, denseUnits, training, beta, mediumWeight, mapEvery],
      data.summary,
    ],
    forgetsWeights: way !== "none",
    work: (run) =>
      way === "adapter" || way === "joint"
        ? trainCode(run, job, settings, data, context, plain!)
        : trainFix(run, { ...job, way }, settings, data, context),
  };
}

function makePair(
  { kind, way, seed }: Job,
  { networks, denseUnits }: AblationRunSettings,
  data: SectionData,
): NetworkPair {
  return makeFixPair(
    way === "adapter" || way === "joint" ? "none" : way,
    {
      denseUnits,
      make: (which, factor) =>
        makeAblationNetwork(kind, networks, which, factor, seed),
    },
    data,
    seed,
  );
}

async function trainFix(
  run: Run,
  job: Job & { readonly way: Exclude<AblationWay, "adapter" | "joint"> },
  settings: AblationRunSettings,
  data: SectionData,
  { controls }: SectionContext,
): Promise<AblationFound> {
  const { kind, way, seed } = job;
  const { training, beta } = settings;
  const pair = makePair(job, settings, data);
  const { medium, high } = pair;
  try {
    const own = lossOfKind(beta);
    await trainPair(run, way, pair, training, data, seed, controls, own);
    const strip = ablationStrip(kind, way, "from high");
    const { mediumParameters, highParameters, ...scores } = await measurePair(
      run,
      way,
      pair,
      data,
      strip,
    );
    const capture = way === "none"
      ? await measureCapture(run, kind, pair, data, settings.mapEvery)
      : null;
    return {
      ...scores,
      capture,
      parameters: mediumParameters + highParameters,
    };
  } finally {
    medium.dispose();
    high.dispose();
  }
}

async function measureCapture(
  run: Run,
  kind: AblationKind,
  { medium, high }: NetworkPair,
  data: SectionData,
  every: number,
): Promise<AblationCapture> {
  const { mapped, ...capture } = readThroughMap(
    high,
    "high",
    medium,
    data,
    every,
  );
  const { test } = data.pairs;
  const decoded = reconstruct(test, "high", (x) => high.decode(high.encode(x)));
  await keep(run, ablationStrip(kind, "none", "mapped"), mapped, data);
  await keep(run, ablationStrip(kind, "none", "high"), decoded, data);
  return capture;
}

async function trainCode(
  run: Run,
  job: Job,
  settings: AblationRunSettings,
  data: SectionData,
  context: SectionContext,
  plain: Run,
): Promise<AblationFound> {
  const { kind, way, seed } = job;
  const { training, beta, mediumWeight } = settings;
  const { steps, ...rest } = training;
  // The medium network's encoder is not used: its decoder alone learns.
  const pair = makePair(job, settings, data);
  const { high } = pair;
  const decoder = decoderOf(pair.medium);
  // The high network's weights have the same names.
  const weights = new Map(prefixed("medium", decoder.weights()));
  const medium = { ...decoder, weights: () => weights };
  try {
    if (way === "adapter") {
      await loadHigh(high, plain, job, settings, data, context);
    }
    await trainOneCode(
      run,
      { high, medium },
      {
        ...rest,
        length: { steps },
        beta,
        ...way === "joint" ? { mediumWeight } : {},
      },
      data,
      { ...context, seed },
    );
    const { fromHigh, scaledDown: _, ...scores } = await measureCodes(
      data.pairs.test,
      {
        encode: high.encode,
        decodeHigh: high.decode,
        decodeMedium: medium.decode,
      },
    );
    await keep(run, ablationStrip(kind, way, "from high"), fromHigh, data);
    return {
      ...scores,
      mediumOwnDb: null,
      capture: null,
      parameters: medium.parameters + (way === "joint" ? high.parameters : 0),
    };
  } finally {
    pair.medium.dispose();
    high.dispose();
  }
}

/** Gives a new high network the weights that it has without a fix. */
async function loadHigh(
  high: NetworkPair["high"],
  plain: Run,
  job: Job,
  settings: AblationRunSettings,
  data: SectionData,
  { controls }: SectionContext,
): Promise<void> {
  const { networks } = settings;
  const medium = makeAblationNetwork(job.kind, networks, "medium", 1, job.seed);
  const { onRecord: _, ...quiet } = controls;
  try {
    await trainPair(
      plain,
      "none",
      { high, medium },
      settings.training,
      data,
      job.seed,
      quiet,
      lossOfKind(settings.beta),
    );
  } finally {
    medium.dispose();
  }
}

/** Keeps the figures' photos of a run in its folder. */
async function keep(
  { folder }: Run,
  file: string,
  photos: readonly Pixels[],
  { pairs }: SectionData,
): Promise<void> {
  await writeStrip(`${folder}/${file}`, samplePhotos(pairs, photos));
}
