/**
 * Follows a training run from another notebook. A closed tab loses nothing,
 * since the run writes its history to a file.
 *
 * @module
 */
import { basename, join } from "node:path";
import { type Chart, chartAlt, lossChart } from "@/charts/mod.ts";
import { listIfPresent } from "@/files/if_present.ts";
import type { Progress } from "@/files/progress.ts";
import { HISTORY_FILE, readHistory } from "@/training/history.ts";
import type { HistoryRecord } from "@/training/records.ts";
import {
  isTraining,
  type PlannedSteps,
  readRunLength,
} from "@/training/run_state.ts";
import {
  chartBundle,
  chartPictureBundle,
  type Display,
  jupyterDisplay,
  outputSlot,
} from "./display.ts";
import { type Clock, wallClock } from "./latest_only.ts";
import { progressHtml, progressWords } from "./progress_html.ts";
import { notebookFolder, publishedFolder } from "./results_folder.ts";
import { stopSignal, stopWasNoticed } from "./stop_signal.ts";

/** Options of {@linkcode watchRun}. */
export interface WatchRunOptions {
  /** The title above the curve; by default the folder's name. */
  readonly title?: string;
  /** What the loss is, with its unit. */
  readonly label?: string;
  /** Where to show it; outside Jupyter nowhere. */
  readonly display?: Display | undefined;
  /** Ends the watching, not the run. */
  readonly signal?: AbortSignal;
  /** Milliseconds between checks of the file. */
  readonly interval?: number;
  /** The source of time. */
  readonly clock?: Clock;
}

/**
 * Shows a run as the notebook that trains it does: its progress bar and its loss
 * curve, from the files in its folder, until it ends or the stop button is
 * pressed. A run that is not training now is drawn once, and a line says so.
 *
 * The kernel of a notebook that trains is busy: call this in another notebook.
 *
 * @param folder The run's folder; by default that of the newest run.
 * @param options Title, display and times.
 * @throws {Error} If there is no run, or the folder has no history.
 */
export async function watchRun(
  folder?: string,
  options: WatchRunOptions = {},
): Promise<void> {
  folder ??= await newestRun();
  const { interval = 1000, clock = wallClock } = options;
  const display = "display" in options ? options.display : jupyterDisplay();
  const signal = options.signal ?? stopSignal();
  const path = join(folder, HISTORY_FILE);
  if (await modified(path) < 0) {
    throw new Error(`There is no history "${path}".`);
  }
  const [barSlot, chartSlot] = [outputSlot(display), outputSlot(display)];
  const length = await readRunLength(folder);
  let history = await readHistory(folder);
  const start = { step: lastStep(history), time: clock.now() };
  let drawn: string | undefined;
  let isLive = await isTraining(folder);
  const drawBar = async (words?: string) => {
    const progress = progressOf(history, length, start, clock.now());
    const line = words ?? progressWords(progress);
    const html = progressHtml(progress, line);
    await barSlot({ "text/html": html, "text/plain": line });
  };
  while (display && isLive && !signal.aborted) {
    const { size, mtime } = await Deno.stat(path);
    const state = `${size} ${mtime?.getTime()}`;
    if (state !== drawn) {
      history = await readHistory(folder);
      const curve = curveOf(history, folder, options);
      await drawBar();
      await chartSlot(await chartPictureBundle(curve), chartAlt(curve));
      drawn = state;
    }
    await wait(interval, clock, signal);
    isLive = await isTraining(folder);
  }
  if (signal.aborted) stopWasNoticed();
  if (!display) return;
  history = await readHistory(folder);
  const where = `step ${lastStep(history)}${
    length ? ` of ${length.steps}` : ""
  }`;
  await drawBar(
    isLive
      ? `Watching ended at ${where}; the run goes on.`
      : `Not training now: the run "${basename(folder)}" ended at ${where}.`,
  );
  const curve = curveOf(history, folder, options);
  await chartSlot(await chartBundle(curve), chartAlt(curve));
}

/**
 * Finds the training run that was written to last, such as one that another
 * window or a terminal is training right now.
 *
 * @param results Folders of results, each with its `runs/`.
 * @returns The run's folder.
 * @throws {Error} If there is no run in any of them.
 */
export async function newestRun(
  results: readonly string[] = [publishedFolder, notebookFolder],
): Promise<string> {
  let newest: { folder: string; time: number } | undefined;
  for (const result of results) {
    const runs = join(result, "runs");
    for (const { name, isDirectory } of await listIfPresent(runs)) {
      if (!isDirectory) continue;
      const folder = join(runs, name);
      const time = await modified(join(folder, HISTORY_FILE));
      if (time > (newest?.time ?? -1)) newest = { folder, time };
    }
  }
  if (newest !== undefined) return newest.folder;
  throw new Error(
    "There is no training run yet: train in this notebook, or run " +
      "`deno task reproduce`.",
  );
}

/** Milliseconds since 1970; -1 if the file is missing. */
async function modified(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).mtime?.getTime() ?? 0;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return -1;
    throw error;
  }
}

function lastStep(history: readonly HistoryRecord[]): number {
  return history.at(-1)?.step ?? 0;
}

/** The progress of a run, its speed since the watching began. */
function progressOf(
  history: readonly HistoryRecord[],
  length: PlannedSteps | undefined,
  start: { readonly step: number; readonly time: number },
  now: number,
): Progress {
  const done = lastStep(history);
  const loss = history.findLast((record) => record.kind === "step")?.loss;
  const perSecond = 1000 * (done - start.step) / (now - start.time);
  const total = length?.steps ?? 0;
  return {
    phase: length?.phase ?? "Training",
    done,
    total,
    ...loss === undefined ? {} : { loss },
    ...length === undefined || !(perSecond > 0) ? {} : {
      imagesPerSecond: length.batchSize * perSecond,
      secondsLeft: (total - done) / perSecond,
    },
  };
}

function curveOf(
  history: readonly HistoryRecord[],
  folder: string,
  { title = basename(folder), label }: WatchRunOptions,
): Chart {
  return lossChart({
    title,
    runs: [{ name: title, history }],
    ...(label === undefined ? {} : { label }),
  });
}

/** Waits, or ends early without an error when the signal is aborted. */
function wait(
  milliseconds: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(milliseconds, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    const stop = () => {
      cancel();
      resolve();
    };
    signal.addEventListener("abort", stop, { once: true });
  });
}
