/**
 * The runs of *generative*: interpolation, the network of the least error, the
 * same with several seeds against a discriminator, one run without what keeps
 * that stable, and the network that draws.
 *
 * @module
 */

import type { SectionData } from "@/experiment/prepare_data.ts";
import { runGrid, runSeeds } from "@/experiment/run_grid.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import type { Pixels } from "@/images/mod.ts";
import { mean } from "@/metrics/mod.ts";
import {
  copyWeights,
  detailSampler,
  doubleSize,
  type EnlargingWeights,
  type NamedWeights,
  patchDiscriminator,
} from "@/models/enlarging/mod.ts";
import {
  readSafetensors,
  type StoredTensor,
  writeSafetensors,
} from "@/models/safetensors.ts";
import { enlargePairs } from "@/sections/super_resolution/measure.ts";
import {
  type EnlargerNetwork,
  fromMedium,
} from "@/sections/super_resolution/networks.ts";
import { writeShown } from "@/sections/super_resolution/runs.ts";
import { trainEnlarger } from "@/sections/super_resolution/train.ts";
import type { ShownPart } from "@/sections/super_resolution/types.ts";
import {
  originals,
  type Run,
  type RunRecord,
  TrainingDiverged,
} from "@/training/mod.ts";
import { matched, trainAdversarial } from "./adversarial.ts";
import { describeDraws } from "./deviation.ts";
import type { GenerativeMeasure } from "./measure.ts";
import { drawPhotos, trainSampler } from "./sampling.ts";
import {
  type AdversarialFound,
  type AdversarialSettings,
  type DrawsFound,
  GENERATIVE_WAYS,
  type GenerativeFound,
  type GenerativeMetrics,
  type GenerativeSettings,
  type GenerativeStrip,
  generativeStrip,
  generativeTitle,
  type GenerativeWay,
  type UnstableFound,
} from "./types.ts";

/** What all runs here are given. */
export interface GenerativePlan {
  /** What decides them. */
  readonly settings: GenerativeSettings;
  /** What they are trained and measured on. */
  readonly data: SectionData;
  /** Measures the test photos. */
  readonly measure: GenerativeMeasure;
}

/** A plan, and the finished run of the network of the least error. */
interface BasedPlan extends GenerativePlan {
  readonly base: Run;
}

/** What became of the runs. */
export interface GenerativeRuns {
  /** What was found. */
  readonly metrics: Omit<GenerativeMetrics, "examples" | "stored">;
  /** All losses. */
  readonly history: readonly RunRecord[];
  /** Strips of photos: path and name in the section's folder. */
  readonly strips: readonly (readonly [path: string, name: string])[];
  /** Weights of the networks; those of the first seed. */
  readonly weights: EnlargingWeights;
}

/** Weights that a run has kept beside its checkpoints. */
const WEIGHTS_FILE = "weights.safetensors";

/**
 * Does the runs that are not finished.
 *
 * @param plan Settings and photos.
 * @returns What was found, and what is published.
 */
export async function runGenerative(
  plan: GenerativePlan,
): Promise<GenerativeRuns> {
  const { settings, data, measure } = plan;
  const { adversarial, unstable, sampling, perception, shown } = settings;
  const always = [perception, shown, data.summary];
  const [reference] = await runGrid([{
    name: "originals as patches",
    identity: [perception, data.summary],
    work: () => {
      const { noise, otherPhotos } = measure.reference();
      return Promise.resolve({ noise, otherPhotos });
    },
  }], data);
  const fixed = await runGrid(
    (["bicubic", "Lanczos"] as const).map((way) => ({
      name: generativeTitle(way),
      identity: always,
      work: (run: Run) => interpolationWork(run, plan, way),
    })),
    data,
  );
  const [base] = await runGrid([{
    name: "least error",
    identity: [
      ...[settings.network, settings.training, always],
      ...[data.seed, data.steps],
    ],
    work: (run) => baseWork(run, plan),
  }], data);
  const based = { ...plan, base: base! };
  const identity = (...own: unknown[]) => [
    ...[...own, base!.id, always, data.steps],
  ];
  const seeded = await runSeeds(adversarial.seeds, (seed) => ({
    name: `adversarial, seed ${seed}`,
    identity: identity(adversarial, seed),
    work: (run) => adversarialWork(run, based, { ...adversarial, seed }),
  }), data);
  const [failed] = await runGrid([{
    name: "adversarial, unstable",
    identity: identity(unstable, data.seed),
    work: (run) => unstableWork(run, based, { ...unstable, seed: data.seed }),
  }], data);
  const [drawn] = await runGrid([{
    name: "draws",
    identity: identity(sampling, data.seed),
    work: (run) => samplerWork(run, based),
  }], data);

  const { parameters, multiplyAdds } = base!.found;
  const { toldApart: _, ...first } = seeded.first.found;
  const found: Record<GenerativeWay, GenerativeFound> = {
    bicubic: fixed[0]!.found,
    Lanczos: fixed[1]!.found,
    "least error": base!.found,
    adversarial: { ...first, parameters, multiplyAdds },
    drawn: drawn!.found.drawn,
    "mean of draws": drawn!.found.mean,
  };
  const both = ["photos", "details"] as const;
  return {
    metrics: {
      ways: GENERATIVE_WAYS.map((way) => ({ way, ...found[way] })),
      ...reference!.found,
      adversarial: seeded.runs,
      unstable: failed!.found,
      draws: drawn!.found,
    },
    history: [base!, ...seeded.finished, failed!, drawn!]
      .flatMap(({ history }) => history),
    strips: [
      ...stripsOf(fixed[0]!, "bicubic", both),
      ...stripsOf(fixed[1]!, "Lanczos", both),
      ...stripsOf(base!, "least error", both),
      ...stripsOf(seeded.first, "adversarial", both),
      ...failed!.found.quality === null
        ? []
        : stripsOf(failed!, "unstable", ["details"]),
      ...stripsOf(drawn!, "drawn", both),
      ...stripsOf(drawn!, "mean of draws", both),
      ...EXTRA_STRIPS.flatMap((name) => stripsOf(drawn!, name, ["details"])),
    ],
    weights: {
      mean: await readWeights(base!),
      adversarial: await readWeights(seeded.first),
      sampler: await readWeights(drawn!),
    },
  };
}

function stripsOf(
  { folder }: Run,
  name: GenerativeStrip,
  parts: readonly ShownPart[],
): [string, string][] {
  return parts.map((part) => {
    const file = generativeStrip(name, part);
    return [`${folder}/${file}`, file];
  });
}

const EXTRA_STRIPS = [
  "second draw",
  "third draw",
  "deviation",
  "error",
] as const;

async function interpolationWork(
  run: Run,
  plan: GenerativePlan,
  way: "bicubic" | "Lanczos",
): Promise<GenerativeFound> {
  const kind = way === "bicubic" ? "bicubic" : "lanczos3";
  const photos = enlargePairs(
    plan.data.pairs.test,
    ({ medium }) => doubleSize(medium, kind),
  );
  await writeGenerated(run, plan, [[way, photos]]);
  const quality = await plan.measure.of(photos);
  return { ...quality, parameters: 0, multiplyAdds: null };
}

async function baseWork(
  run: Run,
  plan: GenerativePlan,
): Promise<GenerativeFound> {
  const { settings: { network: shape, training }, data } = plan;
  using network = fromMedium(shape, data.seed);
  await trainEnlarger(run, network, training, data);
  const photos = enlargePairs(data.pairs.test, network.enlarge);
  await writeGenerated(run, plan, [["least error", photos]]);
  await writeWeights(run, copyWeights(network.weights));
  const { parameters, multiplyAdds } = network;
  return { ...await plan.measure.of(photos), parameters, multiplyAdds };
}

/** The network of the least error, with the weights of its run. */
async function baseNetwork(
  { settings, data, base }: BasedPlan,
): Promise<EnlargerNetwork> {
  const network = fromMedium(settings.network, data.seed);
  // The run is finished: its weights are loaded, without its records.
  const quiet = { ...data, controls: {} };
  await trainEnlarger(base, network, settings.training, quiet);
  return network;
}

async function adversarialWork(
  run: Run,
  plan: BasedPlan,
  settings: AdversarialSettings & { readonly seed: number },
  strip: GenerativeStrip = "adversarial",
): Promise<AdversarialFound> {
  const { data, measure } = plan;
  using network = await baseNetwork(plan);
  using judge = patchDiscriminator(settings.discriminator, settings.seed);
  const enlarger = matched(network);
  const told: number[] = [];
  await trainAdversarial(run, enlarger, judge, settings, {
    ...data,
    seed: settings.seed,
    controls: {
      ...data.controls,
      onRecord: (record) => {
        if (record.kind === "step") told.push(record.parts!["toldApart"]!);
        data.controls.onRecord?.(record);
      },
    },
  });
  const photos = enlargePairs(data.pairs.test, enlarger.enlarge);
  await writeGenerated(run, plan, [[strip, photos]]);
  await writeWeights(run, copyWeights(network.weights));
  const last = told.slice(-Math.ceil(told.length / 10));
  return { ...await measure.of(photos), toldApart: mean(last) };
}

async function unstableWork(
  run: Run,
  plan: BasedPlan,
  settings: AdversarialSettings & { readonly seed: number },
): Promise<UnstableFound> {
  try {
    const quality = await adversarialWork(run, plan, settings, "unstable");
    return { divergedAt: null, quality };
  } catch (error) {
    if (!(error instanceof TrainingDiverged)) throw error;
    const step = /step (\d+)/.exec(error.message)?.[1];
    return { divergedAt: Number(step), quality: null };
  }
}

async function samplerWork(
  run: Run,
  plan: BasedPlan,
): Promise<DrawsFound> {
  const { settings: { sampling }, data, measure } = plan;
  using base = await baseNetwork(plan);
  using sampler = detailSampler(sampling.sampler, data.seed);
  await trainSampler(run, sampler, base, sampling, data);
  const { test } = data.pairs;
  const drawn = drawPhotos(test, sampler, base, sampling, data.seed);
  const against = originals(test, "high");
  const { deviation, error, ...found } = describeDraws(drawn, against);
  const [first, second = first, third = second] = drawn.draws;
  await writeGenerated(run, plan, [
    ["drawn", first!],
    ["second draw", second!],
    ["third draw", third!],
    ["mean of draws", drawn.means],
    ["deviation", deviation],
    ["error", error],
  ]);
  await writeWeights(run, copyWeights(sampler.weights()));
  const once = base.multiplyAdds +
    sampling.steps * sampler.multiplyAdds;
  const parameters = base.parameters + sampler.parameters;
  const { draws } = sampling;
  return {
    drawn: { ...await measure.of(first!), parameters, multiplyAdds: once },
    mean: {
      ...await measure.of(drawn.means),
      parameters,
      multiplyAdds: base.multiplyAdds + (once - base.multiplyAdds) * draws,
    },
    ...found,
  };
}

/** Writes the strips of a run into its folder. */
async function writeGenerated(
  { folder }: Run,
  { settings, data }: GenerativePlan,
  strips: readonly (readonly [GenerativeStrip, readonly Pixels[]])[],
): Promise<void> {
  for (const [name, photos] of strips) {
    await writeShown(
      (part) => `${folder}/${generativeStrip(name, part)}`,
      photos,
      data,
      settings.shown,
    );
  }
}

async function writeWeights(
  { folder }: Run,
  tensors: NamedWeights,
): Promise<void> {
  const bytes = writeSafetensors({ tensors, metadata: {} });
  await atomicWrite(`${folder}/${WEIGHTS_FILE}`, bytes);
}

async function readWeights({ folder }: Run): Promise<NamedWeights> {
  const bytes = await Deno.readFile(`${folder}/${WEIGHTS_FILE}`);
  return readSafetensors(bytes).tensors as ReadonlyMap<string, StoredTensor>;
}
