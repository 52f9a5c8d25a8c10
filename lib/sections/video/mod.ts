/**
 * Section *video*: a sequential variational autoencoder of short clips, with a
 * global code for the segment and a local one for each frame, its ablations,
 * and the codecs of today on the same segments.
 *
 * J. Han, S. Lombardo, C. Schroers and S. Mandt, "Deep Generative Video
 * Compression", 2019.
 *
 * @module
 */
import { describeMachine } from "@/experiment/environment.ts";
import type { Profile, Section, SectionContext } from "@/experiment/types.ts";
import { fingerprint } from "@/files/sha256.ts";
import { describeVersions } from "@/training/mod.ts";
import { videoFigures } from "./figures.ts";
import { type ContentRuns, runContent } from "./runs.ts";
import type { VideoMetrics, VideoResult, VideoSettings } from "./types.ts";

/** The section. */
export const video: Section<VideoSettings, VideoMetrics> = {
  name: "video",
  title: "Frames that share a code: a video network at 64 × 64",
  settings: settingsOf,
  run: (context) => runVideo(settingsOf(context.profile), context),
  figures: videoFigures,
};

function settingsOf(profile: Profile): VideoSettings {
  const quick = profile === "quick";
  return {
    contents: [
      { kind: "specialised", trainPerClip: quick ? 1 : 2, testPerClip: 1 },
      {
        kind: "general",
        trainPerClip: quick ? 3 : 40,
        testPerClip: quick ? 2 : 8,
      },
    ],
    tested: quick ? 4 : 8,
    network: {
      side: 64,
      frames: 10,
      widths: [32, 64, 128],
      blocks: 3,
      features: 128,
      localSize: 128,
      globalSize: 128,
      memory: 64,
    },
    training: {
      steps: quick ? 16 : 1500,
      batchSize: quick ? 2 : 8,
      schedule: { peak: 2e-3, warmUpSteps: 10 },
      stepsPerEpoch: quick ? 8 : 250,
      lambdas: [0.0005, 0.002, 0.008, 0.03],
    },
    seeds: quick ? 1 : 3,
  };
}

/**
 * Does the section's work with any settings.
 *
 * @param settings The settings.
 * @param context What the section was given.
 */
export async function runVideo(
  settings: VideoSettings,
  context: SectionContext,
): Promise<VideoResult> {
  const { profile, seed, steps } = context;
  const found: ContentRuns[] = [];
  for (const content of settings.contents) {
    found.push(await runContent(content, settings, context));
  }
  const rows = found.map(({ row }) => row);
  const counted = (name: keyof typeof rows[number]["counts"]) =>
    rows.reduce((sum, { counts }) => sum + counts[name], 0);
  return {
    section: "video",
    // With fewer steps it is not what the profile promises.
    profile: steps === undefined ? profile : "trial",
    ...steps !== undefined && { steps },
    settings,
    seed,
    dataset: {
      name: rows.map(({ content }) => content).join(" and "),
      fingerprint: fingerprint(found.map((each) => each.fingerprint)),
      counts: {
        ...{ train: counted("train"), valid: counted("valid") },
        ...{ test: counted("test"), skipped: counted("skipped") },
      },
    },
    machine: describeMachine(),
    versions: describeVersions(),
    // No figure shows the steps, of which there are thousands.
    history: found.flatMap(({ history }) =>
      history.filter(({ kind }) => kind === "epoch")
    ),
    metrics: { contents: rows },
  };
}
