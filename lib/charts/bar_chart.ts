/**
 * Bars with their spread: one metric for several alternatives.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { deviation, mean } from "@/metrics/statistics.ts";
import { type Chart, chart } from "./chart.ts";
import { numberText } from "./number_text.ts";
import { ink, palette } from "./palette.ts";

/** One bar: all values of the metric that were measured. */
export interface Bar {
  /** Left of the bar. */
  readonly name: string;
  /** One per repetition; at least one, all finite. */
  readonly values: readonly number[];
}

/** What {@link barChart} shows. */
export interface BarChartOptions {
  /** Above the chart. */
  readonly title: string;
  /** The metric with its unit, such as `PSNR (dB)`. */
  readonly label: string;
  /** From top to bottom. */
  readonly bars: readonly Bar[];
  /** Digits of the numbers beside the bars. */
  readonly digits?: number;
  /** Width of the plot in pixels. */
  readonly width?: number;
  /** The name of the bar to mark: the others are grey. */
  readonly marked?: string;
}

/**
 * Draws the mean of each bar's values and its number beside it, with whiskers
 * of one sample standard deviation for two values or more.
 *
 * @param options Title, label, bars and sizes.
 * @returns A chart with one horizontal bar per name, in the order given.
 * @throws {RangeError} If a bar has no value, or one that is not finite.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { barChart } from "./mod.ts";
 *
 * const spec = barChart({
 *   title: "Fixes",
 *   label: "PSNR (dB)",
 *   bars: [{ name: "normalised", values: [21, 23] }],
 * });
 * assert(spec.description.includes("normalised 22.00 ± 1.41"));
 * ```
 */
export function barChart(options: BarChartOptions): Chart {
  const { title, label, bars, digits = 2, width = 420, marked } = options;
  const rows = bars.map((bar) => barRow(bar, digits));
  const highest = Math.max(0, ...rows.map(({ high }) => high));
  const lowest = Math.min(0, ...rows.map(({ low }) => low));
  const domain = highest > lowest ? [lowest, highest] : [0, 1];
  const spread = rows.some(({ low, high }) => low < high);
  const name = {
    field: "name",
    type: "nominal",
    sort: null,
    title: null,
    axis: { domain: false, ticks: false, labelLimit: 400, grid: false },
  };
  const scale = { domain, nice: true };
  const axis = { grid: true, domain: false, tickCount: 6, labelFlush: false };
  const value = (field: string) => ({
    field,
    type: "quantitative",
    title: label,
    scale,
    axis,
  });
  return chart({
    title,
    subtitle: spread
      ? "Mean; whiskers show one standard deviation either way"
      : "",
    description: `${label}: ${
      rows.map((row) => `${row.name} ${row.text}`).join("; ") || "no values"
    }.`,
  }, {
    data: { values: rows },
    width,
    height: { step: 28 },
    encoding: { y: name },
    layer: [
      {
        mark: { type: "bar", color: palette[0], height: { band: 0.6 } },
        encoding: {
          x: value("mean"),
          ...(marked === undefined ? {} : { color: markedOnly(marked) }),
        },
      },
      {
        transform: [{ filter: "datum.low < datum.high" }],
        mark: { type: "rule", color: ink.text, strokeWidth: 1.5 },
        encoding: { x: value("low"), x2: { field: "high" } },
      },
      ...["low", "high"].map((end) => ({
        transform: [{ filter: "datum.low < datum.high" }],
        mark: { type: "tick", color: ink.text, thickness: 1.5, size: 8 },
        encoding: { x: value(end) },
      })),
      {
        mark: { type: "text", align: "left", dx: 8, color: ink.text },
        encoding: { x: value("top"), text: { field: "text" } },
      },
    ],
  });
}

/** Blue for the bar of this name, grey for the others. */
function markedOnly(name: string) {
  return {
    condition: { test: { field: "name", equal: name }, value: palette[0] },
    value: palette[6],
  };
}

interface BarRow {
  readonly name: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Where the number starts: right of bar and whisker, and of the axis. */
  readonly top: number;
  readonly text: string;
}

function barRow({ name, values }: Bar, digits: number): BarRow {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (values.length === 0 || wrong !== undefined) {
    const what = `The values of the bar "${name}"`;
    throw invalid(what, "one or more finite numbers", wrong ?? []);
  }
  const middle = mean(values);
  const spread = deviation(values);
  const text = numberText(middle, digits) +
    (spread === null ? "" : ` ± ${numberText(spread, digits)}`);
  const high = middle + (spread ?? 0);
  return {
    name,
    mean: middle,
    low: middle - (spread ?? 0),
    high,
    top: Math.max(0, high),
    text,
  };
}
