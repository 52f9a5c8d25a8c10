/**
 * The networks of the ablations on a set of clips, each with several seeds, and
 * the codecs of today on the same segments.
 *
 * @module
 */
import { join } from "node:path";
import {
  findFfmpeg,
  openClips,
  prepareClips,
  type PreparedClips,
  type Segments,
} from "@/datasets/mod.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { publishStrips } from "@/experiment/publish_strips.ts";
import { runSeeds } from "@/experiment/run_grid.ts";
import { evenlySpread } from "@/experiment/samples.ts";
import type { SectionContext } from "@/experiment/types.ts";
import { finiteDb, mean, psnr } from "@/metrics/mod.ts";
import { SequentialVae } from "@/models/mod.ts";
import type { Run, RunRecord } from "@/training/mod.ts";
import {
  decodeCodes,
  encodeSegment,
  globalBits,
  synthesise,
} from "./code_segment.ts";
import { measureRival, type RivalPoint, RIVALS } from "./rivals.ts";
import { trainVideo } from "./train.ts";
import {
  type ContentKind,
  type ContentRow,
  type ContentSettings,
  frameStrip,
  type NetworkFound,
  type NetworkPoint,
  type NetworkRow,
  VARIANT_NAMES,
  type VariantName,
  VARIANTS,
  type VideoSettings,
} from "./types.ts";

/** What was found on a set of clips, and the losses of its runs. */
export interface ContentRuns {
  /** What was found. */
  readonly row: ContentRow;
  /** Changes with any segment. */
  readonly fingerprint: string;
  /** Losses of all runs. */
  readonly history: readonly RunRecord[];
}

/**
 * Trains and measures all networks on a set of clips; what was done before is
 * not done again.
 *
 * @param content Which set; the general one is that of the context.
 * @param settings The settings.
 * @param context What the section was given.
 * @returns What was found.
 * @throws {DatasetError} If there are no such clips.
 * @throws {TrainingStopped} When the signal stopped it.
 */
export async function runContent(
  content: ContentSettings,
  settings: VideoSettings,
  context: SectionContext,
): Promise<ContentRuns> {
  const { seed, controls, clips: folder = "made" } = context;
  const { onProgress, signal } = controls;
  const { network: { side, frames } } = settings;
  const { kind, trainPerClip, testPerClip } = content;
  const set = await openClips(
    kind === "specialised" ? "sprites" : folder,
    { onProgress, signal },
  );
  const clips = await prepareClips(
    set,
    { side, frames, trainPerClip, testPerClip, seed },
    { onProgress, signal },
  );
  const tested = spreadSegments(clips.test, settings.tested);
  const networks: NetworkRow[] = [];
  const history: RunRecord[] = [];
  for (const variant of VARIANT_NAMES) {
    const { runs, finished } = await runSeeds(
      settings.seeds,
      (seed) =>
        networkRun(variant, kind, clips, tested, settings, seed, context),
      context,
    );
    networks.push({ variant, runs });
    history.push(...finished.flatMap((run) => run.history));
    if (variant === "whole") {
      await publishFrames(kind, settings, finished[0]!, context);
    }
  }
  const rivals = await runRivals(clips, tested, context);
  const { train, valid, test, skipped, fingerprint } = clips;
  return {
    row: {
      kind,
      content: set.name.split(/[/\\]/).filter(Boolean).at(-1) ?? set.name,
      counts: {
        ...{ train: train.count, valid: valid.count, test: test.count },
        skipped: skipped.length,
      },
      tested: tested.count,
      shown: tested.names[0]!,
      networks,
      rivals,
    },
    fingerprint,
    history,
  };
}

/** One network with one seed. */
function networkRun(
  variant: VariantName,
  kind: ContentKind,
  clips: PreparedClips,
  tested: Segments,
  { network, training }: VideoSettings,
  seed: number,
  { steps: most = Infinity, controls }: SectionContext,
) {
  const { title, global, memory } = VARIANTS[variant];
  const shape = {
    ...network,
    globalSize: global ? network.globalSize : 0,
    memory: memory ? network.memory : 0,
    levels: training.lambdas.length,
    seed,
  };
  const limited = { ...training, steps: Math.min(training.steps, most) };
  return {
    name: `${kind}: ${title}, seed ${seed}`,
    identity: [shape, limited, clips.fingerprint, tested.count],
    work: async (run: Run) => {
      using model = new SequentialVae(shape);
      await trainVideo(run, model, clips, limited, seed, controls);
      if (variant === "whole") await writeFrames(run, kind, model, tested);
      return measureNetwork(model, tested);
    },
  };
}

/** The first test segment as it is, and at the ends of the qualities. */
async function writeFrames(
  { folder }: Run,
  kind: ContentKind,
  model: SequentialVae,
  tested: Segments,
): Promise<void> {
  const { side, frames, levels } = model.shape;
  const segment = tested.view(0);
  const bytes = side * side * 3;
  const write = (name: string, values: Uint8Array) =>
    writeStrip(
      `${folder}/${name}`,
      Array.from({ length: frames }, (_, t) => ({
        width: side,
        height: side,
        data: values.slice(t * bytes, (t + 1) * bytes),
      })),
    );
  await write(frameStrip(kind), segment);
  for (const level of [0, levels - 1]) {
    const { codes } = encodeSegment(model, segment, level);
    await write(frameStrip(kind, level), synthesise(model, codes));
  }
}

/** Copies what {@linkcode writeFrames} wrote. */
async function publishFrames(
  kind: ContentKind,
  { training: { lambdas } }: VideoSettings,
  run: Run,
  { folder }: SectionContext,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const names = [undefined, 0, lambdas.length - 1]
    .map((level) => frameStrip(kind, level));
  await publishStrips(
    folder,
    names.map((name) => [`${run.folder}/${name}`, name] as const),
  );
}

/** Real bytes through the coder and back, for each quality. */
function measureNetwork(
  model: SequentialVae,
  tested: Segments,
): NetworkFound {
  const { levels, frames, side } = model.shape;
  const pixels = frames * side * side;
  const points = Array.from({ length: levels }, (_, level): NetworkPoint => {
    const found = Array.from({ length: tested.count }, (_, i) => {
      const segment = tested.view(i);
      const { bytes } = encodeSegment(model, segment, level);
      const codes = decodeCodes(model, bytes);
      return {
        bpp: 8 * bytes.length / pixels,
        globalBpp: globalBits(model, codes) / pixels,
        psnrDb: finiteDb(psnr(synthesise(model, codes), segment)),
      };
    });
    const of = (name: "bpp" | "globalBpp" | "psnrDb") =>
      mean(found.map((each) => each[name]));
    return {
      level,
      bpp: of("bpp"),
      globalBpp: of("globalBpp"),
      psnrDb: of("psnrDb"),
    };
  });
  const weights = [...model.weights().values()];
  const parameters = weights.reduce((sum, { size }) => sum + size, 0);
  return { points, parameters };
}

/** The codecs of today, unless ffmpeg cannot be installed. */
async function runRivals(
  { fingerprint }: PreparedClips,
  tested: Segments,
  { folder, controls: { signal, onProgress, onWarning } }: SectionContext,
): Promise<RivalPoint[]> {
  const runs = join(folder, "..", "runs", "video_rivals");
  const cache = await MeasurementCache.open(runs);
  let ffmpeg: string;
  try {
    ffmpeg = await findFfmpeg(() => onWarning?.("Installing ffmpeg…"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    onWarning?.(`Skipped: H.264, H.265, VP9 and AV1. ${reason}`);
    return [];
  }
  const points: RivalPoint[] = [];
  for (const [done, codec] of RIVALS.entries()) {
    onProgress?.({ phase: "Other codecs", done, total: RIVALS.length });
    points.push(
      ...await measureRival(ffmpeg, tested, fingerprint, codec, cache, signal),
    );
  }
  return points;
}

/** Evenly spread, at most so many. */
function spreadSegments(segments: Segments, most: number): Segments {
  const all = Array.from({ length: segments.count }, (_, i) => i);
  const indices = evenlySpread(all, most);
  return {
    ...segments,
    count: indices.length,
    names: indices.map((i) => segments.names[i]!),
    view: (i) => segments.view(indices[i]!),
  };
}
