/**
 * Points in a plane of two qualities, each with its name: such as the plane of
 * perception and distortion.
 *
 * Y. Blau and T. Michaeli, "The Perception-Distortion Tradeoff", 2018.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { type Chart, chart } from "./chart.ts";
import { numberText } from "./number_text.ts";
import { ink, palette, pointShapes } from "./palette.ts";

/** A point of a {@link planeChart}. */
export interface PlanePoint {
  /** In the legend; points of one name share a colour. */
  readonly name: string;
  /** Finite. */
  readonly x: number;
  /** Finite; below zero it is drawn at zero. */
  readonly y: number;
}

/** What {@link planeChart} shows. */
export interface PlaneChartOptions {
  /** Above the chart. */
  readonly title: string;
  /** A smaller second line. */
  readonly subtitle?: string;
  /** The horizontal quality, with its unit. */
  readonly xLabel: string;
  /** The vertical quality, which is 0 at best. */
  readonly yLabel: string;
  /** The points. */
  readonly points: readonly PlanePoint[];
  /** A height below which points cannot be told from 0, and why. */
  readonly floor?: { readonly value: number; readonly text: string };
  /** Width of the plot in pixels. */
  readonly width?: number;
}

/**
 * Draws points. The vertical scale is that of square roots, on which small
 * distances are seen beside large ones.
 *
 * @param options Title, labels and points.
 * @returns A chart with a colour and a shape for each name.
 * @throws {RangeError} If a value is not finite, or there are more names than
 * colours.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { planeChart } from "./mod.ts";
 *
 * const spec = planeChart({
 *   title: "Plane",
 *   xLabel: "PSNR (dB)",
 *   yLabel: "Distance",
 *   points: [{ name: "mean", x: 35.2, y: 0.1 }],
 * });
 * assert(spec.description.includes("mean: 35.20, 0.1000"));
 * ```
 */
export function planeChart(options: PlaneChartOptions): Chart {
  const { title, subtitle, xLabel, yLabel, points, floor, width = 520 } =
    options;
  const names = [...new Set(points.map(({ name }) => name))];
  if (names.length > palette.length) {
    throw invalid("points", `of at most ${palette.length} names`, names);
  }
  for (const { name, x, y } of points) {
    if (!Number.isFinite(x + y)) {
      throw invalid(`The point "${name}"`, "two finite numbers", [x, y]);
    }
  }
  const byName = (range: readonly unknown[]) => ({
    field: "name",
    type: "nominal",
    sort: null,
    scale: { domain: names, range: range.slice(0, names.length) },
    legend: { columns: 3 },
  });
  const described = points.map(({ name, x, y }) =>
    `${name}: ${numberText(x, 2)}, ${numberText(y, 4)}`
  );
  return chart({
    title,
    subtitle,
    description: `${yLabel} over ${xLabel}. ${described.join("; ")}.`,
  }, {
    data: {
      values: points.map(({ name, x, y }) => ({
        name,
        x: Number(x.toPrecision(5)),
        y: Number(Math.max(0, y).toPrecision(4)),
      })),
    },
    width,
    height: Math.round(width * 0.6),
    layer: [
      ...floor === undefined ? [] : [{
        data: { values: [{ floor: floor.value, text: floor.text }] },
        layer: [
          {
            mark: { type: "rule", color: ink.faint, strokeDash: [4, 3] },
            encoding: { y: { field: "floor", type: "quantitative" } },
          },
          {
            mark: {
              type: "text",
              align: "left",
              x: 4,
              dy: -6,
              color: ink.faint,
            },
            encoding: {
              y: { field: "floor", type: "quantitative" },
              text: { field: "text" },
            },
          },
        ],
      }],
      {
        mark: { type: "point", size: 90, opacity: 1, filled: true },
        encoding: {
          x: {
            field: "x",
            type: "quantitative",
            title: xLabel,
            axis: { grid: true, tickCount: 8 },
            scale: { zero: false, padding: 16 },
          },
          y: {
            field: "y",
            type: "quantitative",
            title: yLabel,
            axis: { tickCount: 6, format: "~g" },
            scale: { type: "sqrt", zero: true },
          },
          color: byName(palette),
          shape: byName(pointShapes),
        },
      },
    ],
  });
}
