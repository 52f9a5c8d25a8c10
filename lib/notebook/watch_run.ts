/**
 * The curve of a run that goes on elsewhere or was left: a closed tab loses
 * nothing, since the run writes its history to a file.
 *
 * @module
 */
import { basename, join } from "node:path";
import { type Chart, chartAlt, lossChart } from "@/charts/mod.ts";
import { HISTORY_FILE, readHistory } from "@/training/history.ts";
import { chartBundle, chartPictureBundle } from "./bundles.ts";
import { type Clock, wallClock } from "./clock.ts";
import { type Display, jupyterDisplay } from "./display.ts";
import { outputSlot } from "./output_slot.ts";
import { stopSignal } from "./stop_signal.ts";

/** How {@link watchRun} draws and when it ends. */
export interface WatchRunOptions {
  /** Above the curve; the folder's name when left out. */
  readonly title?: string;
  /** What the loss is, with its unit. */
  readonly label?: string;
  /** Where to show it; outside Jupyter nowhere. */
  readonly display?: Display | undefined;
  /** Ends the watching, not the run. */
  readonly signal?: AbortSignal;
  /** Milliseconds between looks at the file. */
  readonly interval?: number;
  /** Milliseconds without a change after which the run counts as ended. */
  readonly quiet?: number;
  /** Tells the time. */
  readonly clock?: Clock;
}

/**
 * Draw the loss curve of a run from its `history.jsonl`, and again whenever
 * the file grows, until nothing has changed for a while or the stop button is
 * pressed. Of a run that ended long ago the curve is drawn once.
 *
 * @param folder The run's folder, which holds `history.jsonl`.
 * @param options Title, display and times.
 * @throws {Error} When the folder has no history.
 */
export async function watchRun(
  folder: string,
  options: WatchRunOptions = {},
): Promise<void> {
  const { interval = 1000, quiet = 60_000, clock = wallClock } = options;
  const display = "display" in options ? options.display : jupyterDisplay();
  const signal = options.signal ?? stopSignal();
  const path = join(folder, HISTORY_FILE);
  const slot = outputSlot(display);
  if (!await exists(path)) {
    throw new Error(`There is no history ${JSON.stringify(path)}`);
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
  if (display) await slot(await chartBundle(curve), chartAlt(curve));
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
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

/** Ends early, without an error, when the signal is aborted. */
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
