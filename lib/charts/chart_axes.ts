/**
 * Reads a chart's specification: its data, its layers, and which field of the
 * data each axis shows.
 *
 * @module
 */
import type { Chart } from "./chart.ts";

/** A field that a chart shows. */
export interface ChartField {
  /** Its name in the data. */
  readonly field: string;
  /** Its title on the axis; its name if it has no title. */
  readonly title: string;
  /** Vega-Lite's type, such as `quantitative`. */
  readonly type: string;
}

/** The fields that a chart shows. */
export interface ChartAxes {
  /** On the horizontal axis. */
  readonly x?: ChartField;
  /** On the vertical axis. */
  readonly y?: ChartField;
  /** As text beside the marks. */
  readonly text?: ChartField;
  /** Fields that split the data into curves: by colour, dash or shape. */
  readonly series: readonly string[];
}

type Encoding = Readonly<Record<string, unknown>>;

/**
 * The rows of data inside a chart.
 *
 * @param chart A chart of this room.
 * @returns An empty list if the chart has no data inside.
 */
export function chartRows(chart: Chart): Readonly<Record<string, unknown>>[] {
  const { values } = (chart["data"] ?? {}) as { values?: unknown };
  return Array.isArray(values) ? values : [];
}

/**
 * The layers of a chart; a chart without layers is its own only layer.
 *
 * @param chart A chart of this room.
 * @returns Parts of the specification, each with a mark.
 */
export function chartLayers(
  chart: Chart,
): Readonly<Record<string, unknown>>[] {
  const { layer } = chart as { layer?: unknown };
  return Array.isArray(layer) ? layer : [chart];
}

/**
 * Finds the fields that a chart shows. The first layer that names a field for
 * an axis decides.
 *
 * @param chart A chart of this room.
 * @returns The fields; axes without a field are missing.
 */
export function chartAxes(chart: Chart): ChartAxes {
  const encodings = [chart, ...chartLayers(chart)]
    .map(({ encoding }) => (encoding ?? {}) as Encoding);
  const axes: Record<string, ChartField> = {};
  for (const name of ["x", "y", "text"]) {
    const channel = encodings.map((encoding) => fieldOf(encoding[name]))
      .find((found) => found !== undefined);
    if (channel !== undefined) axes[name] = channel;
  }
  const series = ["color", "strokeDash", "shape"].flatMap((name) =>
    encodings.flatMap((encoding) => fieldOf(encoding[name])?.field ?? [])
  );
  return { ...axes, series: [...new Set(series)] };
}

function fieldOf(channel: unknown): ChartField | undefined {
  const { field, title, type } = (channel ?? {}) as Partial<
    Record<string, unknown>
  >;
  if (typeof field !== "string") return undefined;
  return {
    field,
    title: typeof title === "string" ? title : title === null ? "" : field,
    type: typeof type === "string" ? type : "",
  };
}
