/**
 * Lays charts out for narrow screens, where a smaller picture would make their
 * text too small to read.
 *
 * @module
 */
import type { Chart } from "@/charts/chart.ts";
import {
  type ChartAxes,
  chartAxes,
  type ChartField,
  chartRows,
} from "@/charts/chart_axes.ts";

type Part = Readonly<Record<string, unknown>>;

/** The average width of a letter in pixels. */
const letter = { title: 8.4, subtitle: 6.2, label: 6.8 };

/**
 * Lays a chart out for a page.
 *
 * @param chart A chart.
 * @param natural The width of its picture in pixels.
 * @param width The width available on the page, in pixels.
 * @returns The chart, as wide as its picture if there is room.
 */
export function narrowChart(
  chart: Chart,
  natural: number,
  width: number,
): Chart {
  if (width >= natural) return chart;
  const { text, subtitle = "" } = chart.title;
  const lines = (words: string, size: number) =>
    wrapWords(words, Math.floor((width - 24) / size));
  const title = {
    text: lines(text, letter.title),
    ...(subtitle === "" ? {} : { subtitle: lines(subtitle, letter.subtitle) }),
  };
  const legend = chart.config["legend"] as Part;
  return {
    ...narrowAxes(chart, chartAxes(chart), width),
    title,
    width,
    autosize: { type: "fit-x", contains: "padding" },
    config: {
      ...chart.config,
      legend: {
        ...legend,
        columns: columnsOf(chart, width),
        layout: { bottom: { direction: "vertical", anchor: "start" } },
      },
    },
  } as unknown as Chart;
}

/** Fewer ticks; names of bars above them, and room for the text beside. */
function narrowAxes(
  chart: Chart,
  { y, text }: ChartAxes,
  width: number,
): Part {
  const over = y?.type === "nominal";
  const rows = chartRows(chart);
  const bars = new Set(rows.map((row) => row[y?.field ?? ""])).size;
  const layers = chart["layer"] as Part[] | undefined;
  return {
    ...withEncoding(chart, over, width),
    ...(layers === undefined
      ? {}
      : { layer: layers.map((layer) => withEncoding(layer, over, width)) }),
    ...(over ? { height: barStep * bars } : {}),
    ...(text === undefined ? {} : {
      padding: { left: 4, top: 12, right: roomFor(text, rows), bottom: 12 },
    }),
  };
}

/** Pixels of the longest text beside a bar. */
function roomFor({ field }: ChartField, rows: readonly Part[]): number {
  const longest = Math.max(...rows.map((row) => String(row[field]).length));
  return 12 + longest * letter.label;
}

function withEncoding(part: Part, over: boolean, width: number): Part {
  const { x, y, ...others } = (part["encoding"] ?? {}) as Record<string, Part>;
  const fewer = (channel: Part) => ({
    ...channel,
    axis: { ...channel["axis"] as Part, tickCount: 4 },
  });
  const below = (channel: Part) => {
    const { title } = channel;
    if (typeof title !== "string") return fewer(channel);
    const most = Math.floor((width - axisWidth) / letter.label);
    return { ...fewer(channel), title: wrapWords(title, most) };
  };
  const above = (channel: Part) => ({
    ...channel,
    axis: { ...channel["axis"] as Part, ...overBars },
  });
  const mark = part["mark"] as Part | undefined;
  const thin = over && mark?.["type"] === "bar";
  return {
    ...part,
    ...(thin ? { mark: { ...mark, height: barHeight } } : {}),
    encoding: {
      ...Object.fromEntries(
        Object.entries(others).map(([name, channel]) => [
          name,
          withoutColumns(channel),
        ]),
      ),
      ...(x === undefined ? {} : { x: below(x) }),
      ...(y === undefined ? {} : { y: over ? above(y) : fewer(y) }),
    },
  };
}

/** A legend of its own has the columns of all legends. */
function withoutColumns(channel: Part): Part {
  const { columns: _, ...legend } = (channel["legend"] ?? {}) as Part;
  return channel["legend"] ? { ...channel, legend } : channel;
}

/** Pixels beside the plot, for the vertical axis. */
const axisWidth = 64;

/** Pixels from one bar to the next, and of a bar. */
const [barStep, barHeight] = [42, 18];

/** Vega-Lite's settings for labels above bars, aligned to the left. */
const overBars = {
  labelAlign: "left",
  labelBaseline: "bottom",
  labelOffset: -11,
  labelPadding: -2,
};

/** The number of entries of the legend that fit side by side. */
function columnsOf(chart: Chart, width: number): number {
  const names = chartRows(chart).flatMap((row) =>
    Object.values(row).filter((value) => typeof value === "string")
  );
  const longest = Math.max(1, ...names.map((name) => name.length));
  const entry = longest * letter.label + 44;
  return Math.max(1, Math.min(4, Math.floor((width - 24) / entry)));
}

/**
 * Breaks text into lines between words.
 *
 * @param words The text.
 * @param most The maximum length of a line; longer words get their own line.
 * @returns The lines.
 */
export function wrapWords(words: string, most: number): string[] {
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > most) {
      lines.push(word);
    } else {
      lines[lines.length - 1] = `${last} ${word}`;
    }
  }
  return lines;
}
