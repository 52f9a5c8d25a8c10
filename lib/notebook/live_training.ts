/**
 * Training as it goes: a bar, a loss curve and the latest photos, each updated
 * in its place below the cell.
 *
 * @module
 */
import { type Chart, chartAlt, lossChart } from "@/charts/mod.ts";
import type { OnProgress, Progress } from "@/files/progress.ts";
import { chartBundle, chartPictureBundle, pictureBundle } from "./bundles.ts";
import { type Clock, wallClock } from "./clock.ts";
import { type Display, jupyterDisplay } from "./display.ts";
import { latestOnly } from "./latest_only.ts";
import { outputSlot } from "./output_slot.ts";
import { progressHtml, progressWords } from "./progress_html.ts";
import { groupRuns, type NamedLoss } from "./run_groups.ts";

/** What {@link liveTraining} shows and how often. */
export interface LiveTrainingOptions {
  /** Above the curve. */
  readonly title: string;
  /** What the loss is, with its unit. */
  readonly label?: string;
  /** Records of an earlier part of the run, when it resumes. */
  readonly history?: readonly NamedLoss[];
  /** Where to show it; outside Jupyter nowhere. */
  readonly display?: Display | undefined;
  /** Least milliseconds between updates of the bar, and half of the curve's. */
  readonly interval?: number;
  /** Tells the time. */
  readonly clock?: Clock;
}

/** The hooks that a training run calls. None of them throws before `finish`. */
export interface LiveTraining {
  /** Moves the bar. */
  readonly onProgress: OnProgress;
  /** Lengthens the curve of the record's run. */
  readonly onHistory: (record: NamedLoss) => void;
  /** Replaces the photos with a PNG or JPEG file and its alt text. */
  readonly onPhotos: (bytes: Uint8Array, alt: string) => void;
  /**
   * Draw the last state and make the curve a live chart. Call it in `finally`,
   * so that a stopped run also leaves its whole curve.
   *
   * @param words Replace the words under the bar.
   * @throws Whatever a drawing threw.
   */
  readonly finish: (words?: string) => Promise<void>;
}

/**
 * Show a training run below the running cell. The curve is a plain picture
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
