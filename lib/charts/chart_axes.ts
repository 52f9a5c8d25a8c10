/**
 * What a chart's specification says of its data: which field lies on which
 * axis, whatever layer says so.
 *
 * @module
 */
import type { Chart } from "./chart.ts";

/** A field that a chart shows. */
export interface ChartField {
  /** Its name in the data. */
  readonly field: string;
  /** Its title on the axis, or else its name. */
  readonly title: string;
  /** Vega-Lite's type, such as `quantitative`. */
  readonly type: string;
}

/** Which fields a chart shows where. */
export interface ChartAxes {
  /** Horizontally. */
  readonly x?: ChartField;
  /** Vertically. */
  readonly y?: ChartField;
  /** As text beside the marks. */
  readonly text?: ChartField;
  /** Fields that part the data into curves: by colour, dash or shape. */
  readonly series: readonly string[];
}

type Encoding = Readonly<Record<string, unknown>>;

/**
 * The rows of data inside a chart.
 *
 * @returns None when the data are elsewhere.
 */
export function chartRows(chart: Chart): Readonly<Record<string, unknown>>[] {
  const { values } = (chart["data"] ?? {}) as { values?: unknown };
  return Array.isArray(values) ? values : [];
}

/**
 * The layers of a chart; a chart without layers is its only one.
 *
 * @returns Parts of the specification, each with a mark.
 */
export function chartLayers(
  chart: Chart,
): Readonly<Record<string, unknown>>[] {
  const { layer } = chart as { layer?: unknown };
  return Array.isArray(layer) ? layer : [chart];
}

/**
 * Look up which fields a chart shows where. The first layer that names a field
 * for an axis decides.
 *
 * @param chart A chart of this room.
 * @returns What was found; axes without a field are left out.
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
