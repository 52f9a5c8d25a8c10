/**
 * Loss curves: training loss per step and validation loss per epoch, of one or
 * more runs.
 *
 * @module
 */
import { type Chart, chart } from "./chart.ts";
import { type CurvePoint, downsample } from "./downsample.ts";
import {
  describeDivergence,
  type LossRun,
  summarizeLosses,
  trainingPoints,
  validationPoints,
} from "./loss_run.ts";
import { dashes, ink, palette } from "./palette.ts";

/** What {@link lossChart} shows. */
export interface LossChartOptions {
  /** Above the chart. */
  readonly title: string;
  /** One or more; colours repeat after nine. */
  readonly runs: readonly LossRun[];
  /** What the loss is, with its unit. */
  readonly label?: string;
  /** Width of the plot in pixels. */
  readonly width?: number;
}

const kinds = ["training", "validation"];
const legend = { symbolType: "stroke", symbolSize: 200 };

/** With several runs, the colour shows the run and the dash the kind. */
const kindDash = (shown: readonly string[]) => ({
  field: "kind",
  type: "nominal",
  legend: { ...legend, symbolStrokeColor: ink.faint, values: shown },
  scale: { domain: kinds, range: dashes.slice(0, kinds.length) },
});

/** Maximum number of points of all training curves of a chart together. */
const maxPoints = 480;

/**
 * Draws training loss (thin line) and validation loss (points) over steps. The
 * scale is logarithmic unless some loss is 0 or below. Values that are not
 * finite are skipped, and the subtitle names the first step that had one.
 *
 * @param options Title, runs and sizes.
 * @returns A chart with fewer than 500 points of training loss, plus one per
 * validated epoch. A run without records appears in the legend only.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lossChart } from "./mod.ts";
 *
 * const spec = lossChart({
 *   title: "Medium",
 *   runs: [{
 *     name: "conv",
 *     history: [{ kind: "step", step: 1, loss: 0.5 }],
 *   }],
 * });
 * assertEquals(spec.description.includes("Training loss 0.5"), true);
 * ```
 */
export function lossChart(options: LossChartOptions): Chart {
  const { title, runs, label = "Loss", width = 560 } = options;
  const most = Math.max(2, Math.floor(maxPoints / Math.max(1, runs.length)));
  const several = runs.length > 1;
  const rows = runs.flatMap((run) => [
    ...downsample(trainingPoints(run), most)
      .map((point) => row(run.name, "training", point)),
    ...validationPoints(run)
      .map((point) => row(run.name, "validation", point)),
  ]);
  const shown = kinds.filter((name) => rows.some(({ kind }) => kind === name));
  return chart({
    title,
    subtitle: describeDivergence(runs),
    description: summarizeLosses(runs),
  }, {
    data: { values: rows },
    width,
    height: Math.round(width / 2),
    encoding: {
      x: {
        field: "step",
        type: "quantitative",
        title: "Step",
        axis: { tickMinStep: 1, format: ",d", tickCount: 8 },
        scale: { nice: false, zero: false },
      },
      y: lossAxis(rows, label),
      color: several
        ? series("run", runs.map(({ name }) => name))
        : series("kind", kinds),
    },
    layer: [
      {
        transform: [{ filter: { field: "kind", equal: "training" } }],
        mark: { type: "line", strokeWidth: 1.25 },
        encoding: several ? { strokeDash: kindDash(shown) } : {},
      },
      {
        transform: [{ filter: { field: "kind", equal: "validation" } }],
        mark: {
          type: "line",
          strokeWidth: 2,
          strokeDash: dashes[several ? 1 : 0],
          point: { size: 40, filled: true, strokeDash: [1, 0] },
        },
      },
    ],
  });
}

/** Logarithmic, a little wider than the data, unless a loss is 0 or below. */
function lossAxis(rows: readonly Row[], label: string): unknown {
  const losses = rows.map(({ loss }) => loss);
  const logarithmic = losses.every((loss) => loss > 0);
  const domain = losses.length > 0
    ? [Math.min(...losses) * 0.9, Math.max(...losses) * 1.1]
    : [0.1, 1];
  return {
    field: "loss",
    type: "quantitative",
    title: logarithmic ? `${label}, log scale` : label,
    axis: { tickCount: 6, format: "~g" },
    scale: logarithmic ? { type: "log", domain, nice: false } : { zero: false },
  };
}

/** Colours of a field, with strokes in the legend. */
function series(
  field: string,
  domain: readonly string[],
): Record<string, unknown> {
  const range = domain.map((_, index) => palette[index % palette.length]);
  return {
    field,
    type: "nominal",
    sort: null,
    legend,
    scale: { domain, range },
  };
}

interface Row {
  readonly run: string;
  readonly kind: string;
  readonly step: number;
  readonly loss: number;
}

function row(run: string, kind: string, { x, y }: CurvePoint): Row {
  return { run, kind, step: x, loss: Number(y.toPrecision(5)) };
}
