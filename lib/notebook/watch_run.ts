/**
 * Follows a training run in another window. A closed tab loses nothing, since
 * the run writes its history to a file.
 *
 * @module
 */
import { basename, join } from "node:path";
import { type Chart, chartAlt, lossChart } from "@/charts/mod.ts";
import { listIfPresent } from "@/files/if_present.ts";
import { HISTORY_FILE, readHistory } from "@/training/history.ts";
import {
  chartBundle,
  chartPictureBundle,
  type Display,
  jupyterDisplay,
  outputSlot,
} from "./display.ts";
import { type Clock, wallClock } from "./latest_only.ts";
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
  /** Milliseconds without a change after which the run is taken as ended. */
  readonly quiet?: number;
  /** The source of time. */
  readonly clock?: Clock;
}

/**
 * Draws the loss curve of a run from its `history.jsonl`, and again whenever
 * the file grows, until nothing has changed for a while or the stop button is
 * pressed. The curve of a run that ended long ago is drawn once.
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
  const { interval = 1000, quiet = 60_000, clock = wallClock } = options;
  const display = "display" in options ? options.display : jupyterDisplay();
  const signal = options.signal ?? stopSignal();
  const path = join(folder, HISTORY_FILE);
  const slot = outputSlot(display);
  if (await modified(path) < 0) {
    throw new Error(`There is no history "${path}".`);
  }
  let drawn: string | undefined;
  let curve = await readCurve(folder, options);
  while (display && !signal.aborted) {
    const { size, mtime } = await Deno.stat(path);
    const changed = mtime?.getTime() ?? 0;
    if (clock.now() - changed >= quiet) break;
    const state = `${size} ${changed}`;
    if (state !== drawn) {
      curve = await readCurve(folder, options);
      await slot(await chartPictureBundle(curve), chartAlt(curve));
      drawn = state;
    }
    await wait(interval, clock, signal);
  }
  if (signal.aborted) stopWasNoticed();
  if (display) await slot(await chartBundle(curve), chartAlt(curve));
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

async function readCurve(
  folder: string,
  { title = basename(folder), label }: WatchRunOptions,
): Promise<Chart> {
  const history = await readHistory(folder);
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
