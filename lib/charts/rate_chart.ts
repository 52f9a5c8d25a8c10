/**
 * Rate against quality: what a codec makes of the bits it spends. One function
 * draws ours beside JPEG, WebP, AVIF and the rest.
 *
 * @module
 */
import { type Chart, chart } from "./chart.ts";
import { ink, palette, shapes } from "./palette.ts";

/** One codec at one setting, as a mean over a set of photos. */
export interface RateChartPoint {
  /** Name in the legend. */
  readonly codec: string;
  /** Bits a pixel of the photo, above 0. */
  readonly bpp: number;
  /** PSNR in decibels. */
  readonly psnrDb: number;
  /** MS-SSIM, from 0 to 1. */
  readonly msssim?: number;
}

/** What {@link rateChart} shows. */
export interface RateChartOptions {
  /** Above the chart. */
  readonly title: string;
  /** In any order. */
  readonly points: readonly RateChartPoint[];
  /** Names of the codecs to highlight. */
  readonly ours?: readonly string[];
  /** Quality on the vertical axis; MS-SSIM is shown in decibels. */
  readonly quality?: "psnrDb" | "msssim";
  /** A smaller second line, such as the set of photos. */
  readonly subtitle?: string;
  /** Width of the plot in pixels. */
  readonly width?: number;
}

/**
 * Draw quality over bits a pixel, one line with points a codec. Ours has a
 * thick line and filled points, the others thin lines and open points.
 *
 * @param options Title, points, highlighted names and sizes.
 * @returns A chart. The horizontal scale is logarithmic when the rates differ
 * more than eightfold.
 * @throws {RangeError} When a rate is not above 0 or a quality is not finite:
 * lossless points have no place on a decibel scale.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { rateChart } from "./mod.ts";
 *
 * const spec = rateChart({
 *   title: "Rate and quality",
 *   points: [{ codec: "JPEG", bpp: 0.5, psnrDb: 28.1 }],
 * });
 * assert(spec.description.includes("JPEG: 28.1 dB at 0.5 bpp"));
 * ```
 */
export function rateChart(options: RateChartOptions): Chart {
  const { title, subtitle, points, ours = [], width = 520 } = options;
  const quality = options.quality ?? "psnrDb";
  const names = [...new Set(points.map(({ codec }) => codec))]
    .toSorted((a, b) => Number(ours.includes(b)) - Number(ours.includes(a)));
  const rows = names.flatMap((name) =>
    points.filter(({ codec }) => codec === name)
      .map((point) => rateRow(point, quality))
      .toSorted((a, b) => a.bpp - b.bpp)
  );
  const rates = rows.map(({ bpp }) => bpp);
  const wide = Math.max(...rates) > 8 * Math.min(...rates);
  const unit = quality === "psnrDb" ? "PSNR (dB)" : "MS-SSIM (dB)";
  const colors = names.map((_, index) => palette[index % palette.length]);
  const marks = names.map((_, index) => shapes[index % shapes.length]);
  const highlighted = { field: "codec", oneOf: ours };
  const color = {
    field: "codec",
    type: "nominal",
    sort: null,
    scale: { domain: names, range: colors },
  };
  return chart({
    title,
    ...(subtitle === undefined ? {} : { subtitle }),
    description: `${unit} over bits a pixel. ${describe(names, rows)}.`,
  }, {
    data: { values: rows },
    width,
    height: Math.round(width * 0.62),
    encoding: {
      x: {
        field: "bpp",
        type: "quantitative",
        title: wide ? "Bits a pixel, log scale" : "Bits a pixel",
        axis: { grid: true, format: "~g", tickCount: 8 },
        scale: wide
          ? { type: "log", nice: false, padding: 12 }
          : { zero: true },
      },
      y: {
        field: "quality",
        type: "quantitative",
        title: unit,
        scale: { zero: false, padding: 8 },
      },
      color,
    },
    layer: [
      {
        mark: { type: "line", tooltip: false },
        encoding: {
          strokeWidth: {
            condition: { test: highlighted, value: 3 },
            value: 1.25,
          },
        },
      },
      {
        mark: { type: "point", size: 60, opacity: 1, tooltip: true },
        encoding: {
          shape: {
            field: "codec",
            type: "nominal",
            sort: null,
            scale: { domain: names, range: marks },
          },
          fill: {
            condition: { ...color, test: highlighted },
            value: ink.paper,
          },
        },
      },
    ],
  });
}

interface RateRow {
  readonly codec: string;
  readonly bpp: number;
  readonly quality: number;
}

function rateRow(
  point: RateChartPoint,
  quality: "psnrDb" | "msssim",
): RateRow {
  const { codec, bpp, psnrDb, msssim } = point;
  const value = quality === "psnrDb"
    ? psnrDb
    : -10 * Math.log10(1 - (msssim ?? NaN));
  if (!(bpp > 0 && Number.isFinite(bpp))) {
    throw new RangeError(`${codec} has the rate ${bpp}: give more than 0 bpp`);
  }
  if (!Number.isFinite(value)) {
    const given = quality === "psnrDb" ? psnrDb : msssim;
    throw new RangeError(
      `${codec} has the quality ${given} at ${bpp} bpp: ` +
        `only a finite number of decibels can be drawn`,
    );
  }
  const round = (number: number) => Number(number.toPrecision(5));
  return { codec, bpp: round(bpp), quality: round(value) };
}

function describe(names: string[], rows: readonly RateRow[]): string {
  return names.map((name) => {
    const own = rows.filter(({ codec }) => codec === name);
    const ends = [...new Set([own[0], own.at(-1)])].map((row) =>
      row ? `${Number(row.quality.toPrecision(3))} dB at ${row.bpp} bpp` : ""
    );
    return `${name}: ${ends.join(" to ")}`;
  }).join("; ") || "No points yet";
}
