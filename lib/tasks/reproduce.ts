/**
 * `deno task reproduce [SECTION …]`: does the work of the write-up's sections
 * and writes `results/<section>/result.json` and figures.
 *
 * On several machines the same command is started on each, with `--workers`
 * and its `--rank`: they train together, and worker 0 writes the results.
 *
 * @module
 */
import { join } from "node:path";
import {
  type Profile,
  type Section,
  type SectionContext,
  sections,
  writeFigures,
  writeResult,
} from "@/sections/mod.ts";
import { joinCluster, leaveCluster, readMembership } from "@/tensorflow/mod.ts";
import { isWriter, TrainingStopped } from "@/training/mod.ts";
import { removeLeftovers } from "@/files/remove_leftovers.ts";
import {
  Interrupted,
  interruptSignal,
  nearestWord,
  parseOptions,
  progressReporter,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import {
  TENSORBOARD_HELP,
  tensorBoardLine,
} from "@/tasks/cli/tensorboard_line.ts";

const usage = "deno task reproduce [SECTION …] [--profile quick|full]";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns The exit status.
 * @throws {UserError} If it makes no sense.
 */
export async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage,
    description: "Reproduces sections of the write-up, all by default: " +
      `${sections.map((section) => section.name).join(", ")}.`,
    words: "SECTION",
    options: {
      profile: {
        type: "string",
        choices: ["quick", "full"],
        default: "quick",
        help: "how much work: minutes, or the write-up's own scale",
      },
      data: {
        type: "string",
        default: "starter",
        help: "photos: starter, div2k, kodak or a folder",
      },
      seed: {
        type: "number",
        integer: true,
        min: 0,
        default: 1,
        help: "decides first weights, crops and orders",
      },
      steps: {
        type: "number",
        integer: true,
        min: 1,
        help: "end each training run after so many steps, for a try",
      },
      tensorboard: { type: "boolean", help: TENSORBOARD_HELP },
      out: {
        type: "string",
        help: "folder for the results instead of results",
      },
      workers: {
        type: "string",
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
  const membership = readMembership(options.workers, options.rank);
  if (membership !== undefined) {
    await joinCluster({
      ...membership,
      onWait: (missing) => console.log(`Waiting for ${missing}`),
    });
  }
  await using folder = await openResults(options.out);
  const out = folder.path;
  if (options.tensorboard && isWriter()) console.log(tensorBoardLine(out));
  const progress = progressReporter();
  const signal = interruptSignal();
  for (const section of chosen) {
    console.log(`${section.name}: ${section.title}`);
    const context: SectionContext = {
      profile: options.profile as Profile,
      seed: options.seed,
      data: options.data,
      folder: join(out, section.name),
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
      await reproduce(section, context);
    } catch (error) {
      progress.end();
      if (!(error instanceof TrainingStopped)) throw error;
      await leaveCluster();
      console.error(error.message);
      return signal.reason instanceof Interrupted ? signal.reason.status : 130;
    }
    progress.end();
  }
  await leaveCluster();
  return 0;
}

/** The folder for results; that of a worker that writes none is removed. */
async function openResults(
  out: string | undefined,
): Promise<AsyncDisposable & { readonly path: string }> {
  if (isWriter()) {
    return {
      path: out ?? join(workspaceAt().root, "results"),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
  const path = await Deno.makeTempDir({ prefix: "onecode_worker_" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function reproduce(
  section: Section,
  context: SectionContext,
): Promise<void> {
  const { folder } = context;
  await removeLeftovers(folder);
  const result = await section.run(context);
  if (!isWriter()) return;
  await writeResult(folder, result);
  const figures = await writeFigures(
    folder,
    await section.figures(result, folder),
  );
  context.controls.onProgress?.({
    phase: `Wrote ${join(folder, "result.json")} and figures`,
    done: figures.length,
    total: figures.length,
  });
}

/**
 * The sections that some words name, in the write-up's order.
 *
 * @param words Names; none means all.
 * @throws {UserError} If a word names no section.
 */
export function chooseSections(words: readonly string[]): readonly Section[] {
  const names: string[] = sections.map((section) => section.name);
  for (const word of words) {
    if (names.includes(word)) continue;
    const near = nearestWord(word, names);
    throw new UserError(
      near === undefined
        ? `There is no section "${word}"; the sections are ${names.join(", ")}.`
        : `There is no section "${word}"; did you mean "${near}"?`,
    );
  }
  return words.length === 0
    ? sections
    : sections.filter((section) => words.includes(section.name));
}

if (import.meta.main) await runTask(main);
