/**
 * Training while it runs: a progress bar, a loss curve and the latest photos,
 * each updated in place below the cell.
 *
 * @module
 */
import {
  type Chart,
  chartAlt,
  type EpochLoss,
  lossChart,
  type LossRun,
  type StepLoss,
} from "@/charts/mod.ts";
import type { OnProgress, Progress } from "@/files/progress.ts";
import {
  chartBundle,
  chartPictureBundle,
  type Display,
  jupyterDisplay,
  outputSlot,
  pictureBundle,
} from "./display.ts";
import { type Clock, latestOnly, wallClock } from "./latest_only.ts";
import { progressHtml, progressWords } from "./progress_html.ts";

/** Options of {@linkcode liveTraining}. */
export interface LiveTrainingOptions {
  /** The title above the curve. */
  readonly title: string;
  /** What the loss is, with its unit. */
  readonly label?: string;
  /** Records of an earlier part of the run, if it resumes. */
  readonly history?: readonly NamedLoss[];
  /** Where to show it; outside Jupyter nowhere. */
  readonly display?: Display | undefined;
  /** Minimum milliseconds between updates of the bar; twice that for the curve. */
  readonly interval?: number;
  /** The source of time. */
  readonly clock?: Clock;
}

/** Hooks that a training run calls; none of them throws except `finish`. */
export interface LiveTraining {
  /** Moves the bar. */
  readonly onProgress: OnProgress;
  /** Extends the curve of the record's run. */
  readonly onHistory: (record: NamedLoss) => void;
  /** Replaces the photos by a PNG or JPEG file and its alt text. */
  readonly onPhotos: (bytes: Uint8Array, alt: string) => void;
  /**
   * Draws the last state and makes the curve a live chart. Call it in `finally`,
   * so that a stopped run also leaves its whole curve.
   *
   * @param words Replaces the line under the bar.
   * @throws Whatever a drawing threw.
   */
  readonly finish: (words?: string) => Promise<void>;
}

/**
 * Shows a training run below the running cell. The curve is a plain picture
 * while it grows, since a live chart flickers, and a live chart at the end.
 *
 * @param options Title, earlier records, display and rate.
 * @returns Hooks for the training run.
 */
export function liveTraining(options: LiveTrainingOptions): LiveTraining {
  const { title, label, interval = 500, clock = wallClock } = options;
  const display = "display" in options ? options.display : jupyterDisplay();
  const history = [...options.history ?? []];
  const [barSlot, chartSlot, photoSlot] = [
    outputSlot(display),
    outputSlot(display),
    outputSlot(display),
  ];
  let progress: Progress | undefined;

  const curve = (): Chart =>
    lossChart({
      title,
      runs: groupRuns(history, title),
      ...(label === undefined ? {} : { label }),
    });
  const drawBar = async (words: string | undefined) => {
    if (progress === undefined) return;
    const line = words ?? progressWords(progress);
    await barSlot({
      "text/html": progressHtml(progress, line),
      "text/plain": line,
    });
  };
  const drawChart = async () => {
    const current = curve();
    await chartSlot(await chartPictureBundle(current), chartAlt(current));
  };
  const drawPhotos = async ([bytes, alt]: [Uint8Array, string]) => {
    await photoSlot(pictureBundle(bytes, alt), alt);
  };
  const bar = latestOnly(drawBar, interval, clock);
  const chart = latestOnly<undefined>(drawChart, 2 * interval, clock);
  const photos = latestOnly(drawPhotos, interval, clock);

  return {
    onProgress(report) {
      progress = report;
      if (display) bar.push(undefined);
    },
    onHistory(record) {
      history.push(record);
      if (display) chart.push(undefined);
    },
    onPhotos(bytes, alt) {
      if (display) photos.push([bytes, alt]);
    },
    async finish(words) {
      if (!display) return;
      bar.push(words);
      await Promise.all([bar.flush(), chart.flush(), photos.flush()]);
      if (history.length === 0) return;
      const last = curve();
      await chartSlot(await chartBundle(last), chartAlt(last));
    },
  };
}

/** A loss record, with the name of its run where a section has several. */
export type NamedLoss = (StepLoss | EpochLoss) & { readonly run?: string };

/**
 * Groups records by run.
 *
 * @param records In the order of the steps.
 * @param name The name for records without a run.
 * @returns Runs in the order in which they began; one run without records if
 * there are no records.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { groupRuns } from "./mod.ts";
 *
 * const record = { kind: "step", step: 1, loss: 0.5 } as const;
 * const runs = groupRuns([{ ...record, run: "a" }, record], "b");
 * assertEquals(runs.map((run) => run.name), ["a", "b"]);
 * ```
 */
export function groupRuns(
  records: readonly NamedLoss[],
  name: string,
): LossRun[] {
  if (records.length === 0) return [{ name, history: [] }];
  const groups = Map.groupBy(records, (record) => record.run ?? name);
  return [...groups].map(([name, history]) => ({ name, history }));
}
