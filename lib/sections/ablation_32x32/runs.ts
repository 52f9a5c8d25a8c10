/**
 * The runs of *ablation 32x32*: each kind of network, each way, each seed.
 *
 * @module
 */

import { readThroughMap } from "@/experiment/linear_maps.ts";
import { measureCodes, ownImages } from "@/experiment/measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import {
  type GridRun,
  runSeeds,
  type SeededRuns,
} from "@/experiment/run_grid.ts";
import { writeSamples } from "@/experiment/samples.ts";
import { decoderOf, lossOfKind, prefixed } from "@/models/mod.ts";
import {
  type FixPair,
  makeFixPair,
  measurePair,
  trainPair,
} from "@/sections/attempted_fixes/networks.ts";
import { trainOneCode } from "@/sections/attempted_fixes/one_code.ts";
import { removeCheckpoints, type Run } from "@/training/mod.ts";
import { makeAblationNetwork } from "./networks.ts";
import {
  type AblationCapture,
  type AblationFound,
  type AblationKind,
  type AblationSettings,
  ablationStrip,
  ablationTitle,
  type AblationWay,
} from "./types.ts";

/** The runs of a way, finished. */
export interface FinishedRow extends SeededRuns<AblationFound> {
  /** Which networks. */
  readonly kind: AblationKind;
  /** Which way. */
  readonly way: AblationWay;
}

/** One of many runs; its seed is that of the data. */
interface Job {
  readonly kind: AblationKind;
  readonly way: AblationWay;
  readonly settings: AblationSettings;
  readonly data: SectionData;
}

/**
 * Trains and measures what is not finished.
 *
 * @param settings What, and how.
 * @param data What it is trained on; the same for all.
 * @returns A row for each kind and way, in their order.
 */
export async function runAblation(
  settings: AblationSettings,
  data: SectionData,
): Promise<FinishedRow[]> {
  const rows: FinishedRow[] = [];
  const steps = Math.min(data.steps ?? Infinity, settings.training.steps);
  const chosen = { ...settings, training: { ...settings.training, steps } };
  for (const kind of settings.kinds) {
    // Adapters build on the networks without a fix, and nothing else does.
    let plain: readonly Run[] = [];
    for (const way of settings.ways) {
      const job = { kind, way, settings: chosen };
      const row = await runSeeds(
        settings.seeds,
        (seed, i) => jobRun({ ...job, data: { ...data, seed } }, plain[i]),
        data,
      );
      if (way === "none") plain = row.finished;
      rows.push({ kind, way, ...row });
    }
    for (const { folder } of plain) await removeCheckpoints(folder);
  }
  return rows;
}

function jobRun(job: Job, plain: Run | undefined): GridRun<AblationFound> {
  const { kind, way, data: { seed, summary } } = job;
  const { networks, denseUnits, training, beta, mediumWeight, mapEvery } =
    job.settings;
  return {
    name: `${kind} 32x32, ${ablationTitle(way)}, seed ${seed}`,
    identity: [
      { kind, way, seed },
      [networks, denseUnits, training, beta, mediumWeight, mapEvery],
      summary,
    ],
    forgetsWeights: way !== "none",
    work: (run) =>
      way === "adapter" || way === "joint"
        ? trainCode(run, job, plain!)
        : trainFix(run, job),
  };
}

function makePair({ kind, way, settings, data }: Job): FixPair {
  const { networks, denseUnits, beta } = settings;
  const { seed } = data;
  return makeFixPair(
    way === "adapter" || way === "joint" ? "none" : way,
    {
      make: (size, factor) =>
        makeAblationNetwork(networks, { kind, size, factor, seed }),
      denseUnits,
      ownLoss: lossOfKind(beta),
    },
    data,
  );
}

async function trainFix(run: Run, job: Job): Promise<AblationFound> {
  const { kind, way, settings, data } = job;
  using pair = makePair(job);
  await trainPair(run, pair, settings.training, data);
  const strip = ablationStrip(kind, way, "from high");
  const { mediumParameters, highParameters, ...scores } = await measurePair(
    run,
    pair,
    data,
    strip,
  );
  return {
    ...scores,
    capture: way === "none" ? await measureCapture(run, job, pair) : null,
    parameters: mediumParameters + highParameters,
  };
}

async function measureCapture(
  { folder }: Run,
  { kind, settings, data }: Job,
  { medium, high }: FixPair,
): Promise<AblationCapture> {
  const { pairs } = data;
  const { mapped, ...capture } = readThroughMap(
    data,
    high,
    medium,
    settings.mapEvery,
  );
  const decoded = ownImages(pairs.test, "high", high);
  const path = (images: "high" | "mapped") =>
    `${folder}/${ablationStrip(kind, "none", images)}`;
  await writeSamples(path("mapped"), mapped, pairs);
  await writeSamples(path("high"), decoded, pairs);
  return capture;
}

async function trainCode(
  run: Run,
  job: Job,
  plainRun: Run,
): Promise<AblationFound> {
  const { kind, way, settings, data } = job;
  const { training: { steps, ...training }, beta, mediumWeight } = settings;
  const isJoint = way === "joint";
  // The medium network's encoder is not used: only its decoder learns.
  using untrained = makePair(job);
  using plain = isJoint ? undefined : await loadPlain(plainRun, job);
  const { high } = plain ?? untrained;
  const decoder = decoderOf(untrained.medium);
  // The high network's weights have the same names.
  const weights = new Map(prefixed("medium", decoder.weights()));
  const medium = { ...decoder, weights: () => weights };
  await trainOneCode(
    run,
    { high, medium },
    {
      length: { steps },
      ...training,
      beta,
      mediumWeight: isJoint ? mediumWeight : undefined,
    },
    data,
  );
  const { scores, fromHigh } = await measureCodes(
    data.pairs.test,
    { high, medium },
  );
  const strip = ablationStrip(kind, way, "from high");
  await writeSamples(`${run.folder}/${strip}`, fromHigh, data.pairs);
  return {
    ...scores,
    mediumOwnDb: null,
    capture: null,
    parameters: medium.parameters + (isJoint ? high.parameters : 0),
  };
}

/** Loads the networks that were trained without a fix. */
async function loadPlain(run: Run, job: Job): Promise<FixPair> {
  const { onRecord: _, ...controls } = job.data.controls;
  using stack = new DisposableStack();
  const pair = stack.use(makePair({ ...job, way: "none" }));
  await trainPair(run, pair, job.settings.training, { ...job.data, controls });
  stack.move();
  return pair;
}
