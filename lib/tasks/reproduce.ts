/**
 * `deno task reproduce [SECTION …]`: does the work of the write-up's sections
 * and writes `results/<section>/result.json` and figures.
 *
 * On several machines the same command is started on each, with `--workers`
 * and its `--rank`: they train together, and worker 0 writes the results.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { writeFigures, writeResult } from "@/experiment/results.ts";
import type {
  Profile,
  Section,
  SectionContext,
  SectionResult,
} from "@/experiment/types.ts";
import { CLIP_SETS, openPhotoSet, PHOTO_SETS } from "@/datasets/mod.ts";
import { sections } from "@/sections/mod.ts";
import type { SectionResults } from "@/sections/published.ts";
import { summarizeSection } from "@/sections/summary.ts";
import { joinCluster, leaveCluster, readMembership } from "@/tensorflow/mod.ts";
import { isWriter, TrainingStopped } from "@/training/mod.ts";
import { removeLeftovers } from "@/files/remove_leftovers.ts";
import {
  chooseWords,
  Interrupted,
  OUT_OPTION,
  parseOptions,
  patientSignal,
  type ProgressReporter,
  progressReporter,
  resultsFolder,
  runTask,
  SEED_OPTION,
  shownPath,
  temporaryFolder,
  TENSORBOARD_OPTION,
  tensorBoardLine,
  UserError,
} from "@/tasks/cli/mod.ts";
import { folderLines } from "@/tasks/cli/skipped_files.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid.
 * @throws {Interrupted} If it was stopped; the next run resumes there.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task reproduce [SECTION …] [--profile quick|full]",
    description: "Reproduces sections of the write-up, all by default: " +
      `${sections.map((section) => section.name).join(", ")}.`,
    words: "SECTION",
    options: {
      profile: {
        type: "string",
        choices: ["quick", "full"],
        default: "quick",
        help: "amount of work: minutes, or the write-up's own scale",
      },
      data: {
        type: "string",
        default: "starter",
        value: "SET",
        help: "photos: starter, div2k, kodak or a folder",
      },
      clips: {
        type: "string",
        value: "FOLDER",
        help: "clips for the section on video, instead of made ones",
      },
      seed: SEED_OPTION,
      steps: {
        type: "number",
        integer: true,
        min: 1,
        help: "maximum number of steps of each training run, for trial runs",
      },
      tensorboard: TENSORBOARD_OPTION,
      out: OUT_OPTION,
      workers: {
        type: "string",
        value: "LIST",
        help: "train on several machines: host:port,host:port",
      },
      rank: {
        type: "number",
        integer: true,
        min: 0,
        help: "which of the workers this machine is, from 0",
      },
    },
  }, args);
  const chosen = chooseSections(words);
  await checkClips(options.clips, chosen);
  const membership = readMembership(options.workers, options.rank);
  if (membership !== undefined) {
    await joinCluster({
      ...membership,
      onWait: (missing) => console.log(`Waiting for ${missing}`),
    });
  }
  // A worker that writes no results needs a folder nonetheless.
  using folder = isWriter() ? undefined : temporaryFolder("worker");
  const out = folder?.path ?? resultsFolder(options.out);
  if (options.tensorboard && isWriter()) console.log(tensorBoardLine(out));
  const progress = progressReporter();
  const signal = patientSignal();
  await describeFolder(options.data, progress, signal);
  const found: FoundBySection[] = [];
  for (const section of chosen) {
    console.log(`${section.name}: ${section.title}`);
    const context: SectionContext = {
      profile: options.profile as Profile,
      seed: options.seed,
      data: options.data,
      folder: join(out, section.name),
      ...(options.clips === undefined ? {} : { clips: options.clips }),
      ...(options.steps === undefined ? {} : { steps: options.steps }),
      controls: {
        signal,
        tensorBoard: options.tensorboard,
        onProgress: progress,
        onWarning: (message) => {
          progress.end();
          console.error(message);
        },
      },
    };
    try {
      const result = await reproduce(section, context);
      found.push({ section, words: summarize(result) });
    } catch (error) {
      if (!(error instanceof TrainingStopped)) throw error;
      await leaveCluster();
      throw new Interrupted(error.message);
    } finally {
      progress.end();
    }
  }
  await leaveCluster();
  if (isWriter()) console.log(closingWords(found, out, options));
}

/** Checks that there are the clips that a long run will need at its end. */
async function checkClips(
  clips: string | undefined,
  chosen: readonly Section[],
): Promise<void> {
  if (clips === undefined) return;
  if (!chosen.some(({ name }) => name === "video")) {
    throw new UserError("--clips is for the section video alone.");
  }
  if (CLIP_SETS.includes(clips)) return;
  const found = await Deno.stat(clips).catch(() => undefined);
  if (!found?.isDirectory) {
    throw new UserError(`There is no folder "${clips}".`);
  }
}

/** Names the files of a user's folder that are skipped, before the work. */
async function describeFolder(
  data: string,
  progress: ProgressReporter,
  signal: AbortSignal,
): Promise<void> {
  if (!isWriter() || PHOTO_SETS.includes(data)) return;
  const set = await openPhotoSet(data, { onProgress: progress, signal });
  progress.end();
  for (const line of folderLines(set)) console.error(line);
}

/** What was found in a section. */
interface FoundBySection {
  readonly section: Section;
  readonly words: string;
}

/** What a run ends with: what was found, where it is, and what to do next. */
function closingWords(
  found: readonly FoundBySection[],
  out: string,
  { profile, steps }: {
    readonly profile: string;
    readonly steps: number | undefined;
  },
): string {
  const folder = shownPath(out);
  const next = steps !== undefined
    ? `These are from at most ${steps} steps of training: leave out --steps.`
    : profile === "quick"
    ? "These are from minutes of training: --profile full takes hours and is " +
      "the write-up's scale."
    : "They are from the write-up's own scale.";
  return [
    "",
    ...found.map(({ section, words }) => `${section.title}\n  ${words}`),
    "",
    next,
    `Figures: ${join(folder, "<section>", "figures")}`,
    "In a notebook (deno task lab): " +
    `await openSection("${found[0]!.section.name}", "${resolve(out)}")`,
  ].join("\n");
}

function summarize(result: SectionResult): string {
  const { section } = result;
  return summarizeSection(section, result as SectionResults[typeof section]);
}

async function reproduce(
  section: Section,
  context: SectionContext,
): Promise<SectionResult> {
  const { folder } = context;
  await removeLeftovers(folder);
  const result = await section.run(context);
  if (!isWriter()) return result;
  await writeResult(folder, result);
  const figures = await writeFigures(
    folder,
    section.figures(result, folder),
  );
  context.controls.onProgress?.({
    phase: `Wrote ${shownPath(join(folder, "result.json"))} and figures`,
    done: figures.length,
    total: figures.length,
  });
  return result;
}

/**
 * Finds the sections that the words of a command line name.
 *
 * @param words Names of sections; none means all.
 * @returns The sections in the write-up's order.
 * @throws {UserError} If a word names no section.
 */
export function chooseSections(words: readonly string[]): readonly Section[] {
  const names: readonly string[] = chooseWords(
    words,
    sections.map((section) => section.name),
    "There is no section",
  );
  return sections.filter((section) => names.includes(section.name));
}

if (import.meta.main) await runTask(main);
