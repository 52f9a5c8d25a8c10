/**
 * Rate-distortion curves: the quality that a codec reaches with its bits, ours
 * beside JPEG, WebP, AVIF and others.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { type Chart, chart } from "./chart.ts";
import { ink, palette, pointShapes } from "./palette.ts";

/** One codec at one setting, as a mean over a set of photos. */
export interface RateChartPoint {
  /** Name in the legend. */
  readonly codec: string;
  /** Bits per pixel of the photo, positive. */
  readonly bpp: number;
  /** PSNR in decibels. */
  readonly psnrDb: number;
  /** MS-SSIM, 0 to 1; needed for a chart of it. */
  readonly msssim?: number;
  /** SSIMULACRA 2, at most 100; needed for a chart of it. */
  readonly ssimulacra2?: number;
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
  readonly quality?: keyof typeof UNITS;
  /** A smaller second line, such as the set of photos. */
  readonly subtitle?: string;
  /** Width of the plot in pixels. */
  readonly width?: number;
}

/**
 * Draws quality over bits per pixel, one line with points per codec, each with
 * a colour and a shape of its own. Ours has a thick line and filled points, the
 * others have thin lines and open points.
 *
 * @param options Title, points, highlighted names and sizes.
 * @returns A chart. The horizontal scale is logarithmic if the rates differ
 * more than eightfold.
 * @throws {RangeError} If a rate is not positive, a quality is not finite (a
 * lossless point has no place on a decibel scale), or there are more codecs
 * than colours.
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
  const unit = UNITS[quality];
  if (names.length > palette.length) {
    throw invalid("points", `of at most ${palette.length} codecs`, names);
  }
  const colors = palette.slice(0, names.length);
  const fills = names.map((name, i) =>
    ours.includes(name) ? colors[i] : ink.paper
  );
  // Scales of one field and domain share one legend, which thus looks as the
  // points do.
  const byCodec = (range: readonly unknown[]) => ({
    field: "codec",
    type: "nominal",
    sort: null,
    scale: { domain: names, range },
    legend: { symbolSize: pointSize },
  });
  return chart({
    title,
    subtitle,
    description: `${unit} over bits per pixel. ${describe(names, rows, unit)}.`,
  }, {
    data: { values: rows },
    width,
    height: Math.round(width * 0.62),
    encoding: {
      x: {
        field: "bpp",
        type: "quantitative",
        title: wide ? "Bits per pixel, log scale" : "Bits per pixel",
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
      color: byCodec(colors),
    },
    layer: [
      {
        mark: { type: "line", tooltip: false },
        encoding: {
          strokeWidth: {
            condition: { test: { field: "codec", oneOf: ours }, value: 3 },
            value: 1.25,
          },
        },
      },
      {
        mark: { type: "point", size: pointSize, opacity: 1, tooltip: true },
        encoding: {
          shape: byCodec(pointShapes.slice(0, names.length)),
          fill: byCodec(fills),
        },
      },
    ],
  });
}

const UNITS = {
  psnrDb: "PSNR (dB)",
  msssim: "MS-SSIM (dB)",
  ssimulacra2: "SSIMULACRA 2",
} as const;

/** Area of a point in square pixels. */
const pointSize = 60;

interface RateRow {
  readonly codec: string;
  readonly bpp: number;
  readonly quality: number;
}

function rateRow(
  point: RateChartPoint,
  quality: keyof typeof UNITS,
): RateRow {
  const { codec, bpp } = point;
  const found = point[quality] ?? NaN;
  const value = quality === "msssim" ? -10 * Math.log10(1 - found) : found;
  if (!(bpp > 0 && Number.isFinite(bpp))) {
    throw invalid(`The rate of ${codec}`, "positive, in bits per pixel", bpp);
  }
  if (!Number.isFinite(value)) {
    throw invalid(
      `The quality of ${codec} at ${bpp} bits per pixel`,
      quality === "ssimulacra2" ? "finite" : "finite in decibels",
      point[quality],
    );
  }
  const round = (number: number) => Number(number.toPrecision(5));
  return { codec, bpp: round(bpp), quality: round(value) };
}

function describe(
  names: string[],
  rows: readonly RateRow[],
  unit: string,
): string {
  const dB = unit.endsWith("(dB)") ? " dB" : "";
  return names.map((name) => {
    const own = rows.filter(({ codec }) => codec === name);
    const ends = [...new Set([own[0], own.at(-1)])].map((row) =>
      row ? `${Number(row.quality.toPrecision(3))}${dB} at ${row.bpp} bpp` : ""
    );
    return `${name}: ${ends.join(" to ")}`;
  }).join("; ") || "No points yet";
}
