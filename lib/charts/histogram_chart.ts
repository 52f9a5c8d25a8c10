/**
 * Histograms of a few groups in one frame, such as the statistics of the
 * channels of two codes.
 *
 * @module
 */
import { invalid, requireWhole } from "@/errors/invalid.ts";
import { type Chart, chart } from "./chart.ts";
import { dashes, palette } from "./palette.ts";

/** The values of one group. */
export interface HistogramGroup {
  /** In the legend and the alt text. */
  readonly name: string;
  /** At least one, all finite. */
  readonly values: ArrayLike<number>;
  /** A colour of the palette by its place, if the name asks for one. */
  readonly color?: number;
}

/** What {@link histogramChart} shows. */
export interface HistogramChartOptions {
  /** Above the chart. */
  readonly title: string;
  /** What the values are, with their unit. */
  readonly label: string;
  /** One to nine. */
  readonly groups: readonly HistogramGroup[];
  /** Number of equal bins over the range of all groups. */
  readonly bins?: number;
  /** Width of the plot in pixels. */
  readonly width?: number;
}

/**
 * Draws the share of each group's values in equal bins, as stepped outlines
 * over one another. Shares make groups of different sizes comparable.
 *
 * @param options Title, label, groups and sizes.
 * @returns A chart that holds the counted bins, not the values.
 * @throws {RangeError} If a group is empty, a value is not finite, or the
 * number of bins is not a positive whole number.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { histogramChart } from "./mod.ts";
 *
 * const spec = histogramChart({
 *   title: "Channel means",
 *   label: "Mean",
 *   groups: [{ name: "medium", values: [0, 1, 1, 2] }],
 * });
 * assert(spec.description.includes("medium: mean 1, standard deviation 0.707"));
 * ```
 */
export function histogramChart(options: HistogramChartOptions): Chart {
  const { title, label, groups, bins = 40, width = 480 } = options;
  requireWhole("bins", bins, 1);
  const facts = groups.map(groupFacts);
  const low = Math.min(...facts.map((fact) => fact.low));
  const high = Math.max(...facts.map((fact) => fact.high));
  const edges = binEdges(low, high, bins);
  const names = groups.map(({ name }) => name);
  const colors = groups.map(({ color }, i) => palette[color ?? i]);
  const scale = { domain: names, range: colors };
  return chart({
    title,
    description: `Histogram of ${label}. ${
      facts.map(({ words }) => words).join("; ")
    }.`,
  }, {
    data: { values: groups.flatMap((group) => outline(group, edges)) },
    width,
    height: Math.round(width / 2),
    encoding: {
      x: {
        field: "x",
        type: "quantitative",
        title: label,
        scale: { nice: false, zero: false },
      },
      y: {
        field: "share",
        type: "quantitative",
        title: "Share of values",
        axis: { format: "~%", tickCount: 5 },
        stack: null,
      },
      color: {
        field: "group",
        type: "nominal",
        sort: null,
        scale,
        legend: { symbolType: "stroke", symbolSize: 200 },
      },
    },
    layer: [
      {
        mark: {
          type: "area",
          interpolate: "step-after",
          fillOpacity: 0.15,
        },
      },
      {
        mark: { type: "line", interpolate: "step-after", strokeWidth: 1.5 },
        encoding: {
          strokeDash: {
            field: "group",
            type: "nominal",
            sort: null,
            scale: { domain: names, range: dashes.slice(0, names.length) },
          },
        },
      },
    ],
  });
}

interface GroupFacts {
  readonly low: number;
  readonly high: number;
  readonly words: string;
}

function groupFacts({ name, values }: HistogramGroup): GroupFacts {
  const refuse = (given: unknown) =>
    invalid(
      `The values of the group "${name}"`,
      "one or more finite numbers",
      given,
    );
  if (values.length === 0) throw refuse([]);
  let [low, high, sum] = [Infinity, -Infinity, 0];
  for (const value of Array.from(values)) {
    if (!Number.isFinite(value)) throw refuse(value);
    low = Math.min(low, value);
    high = Math.max(high, value);
    sum += value;
  }
  const mean = sum / values.length;
  let squares = 0;
  for (const value of Array.from(values)) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  const text = (value: number) => Number(value.toPrecision(3));
  const words = `${name}: mean ${text(mean)}, ` +
    `standard deviation ${text(deviation)}`;
  return { low, high, words };
}

/** `bins + 1` edges; if all values are equal, they span 1 around the value. */
function binEdges(low: number, high: number, bins: number): number[] {
  const [from, to] = low < high ? [low, high] : [low - 0.5, high + 0.5];
  return Array.from(
    { length: bins + 1 },
    (_, index) => from + (to - from) * index / bins,
  );
}

interface OutlinePoint {
  readonly group: string;
  readonly x: number;
  readonly share: number;
}

/** The stepped outline of one group; the last bin includes its upper edge. */
function outline(group: HistogramGroup, edges: number[]): OutlinePoint[] {
  const bins = edges.length - 1;
  const from = edges[0] ?? 0;
  const range = (edges[bins] ?? 1) - from;
  const counts = new Array<number>(bins).fill(0);
  for (const value of Array.from(group.values)) {
    const bin = Math.floor((value - from) / range * bins);
    const index = Math.max(0, Math.min(bins - 1, bin));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return edges.map((edge, index) => ({
    group: group.name,
    x: Number(edge.toPrecision(6)),
    share: Number(
      ((counts[Math.min(index, bins - 1)] ?? 0) / group.values.length)
        .toPrecision(5),
    ),
  }));
}
