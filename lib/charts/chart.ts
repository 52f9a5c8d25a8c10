/**
 * What a chart is: a Vega-Lite 5 specification with its data inside, so that
 * JupyterLab and the site can draw it live, and anything else can draw it to a
 * file. Every chart has alt text and the project's look.
 *
 * @module
 */
import { ink, palette } from "./palette.ts";

/** A Vega-Lite 5 specification with a title and a description (the alt text). */
export interface Chart {
  /** The version of Vega-Lite that JupyterLab 4 draws. */
  readonly $schema: string;
  /** Shown above the chart. */
  readonly title: { readonly text: string; readonly subtitle?: string };
  /** Alt text. */
  readonly description: string;
  /** Colours, fonts and spacing, in Vega-Lite's terms. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Data, marks, encodings and sizes, in Vega-Lite's terms. */
  readonly [part: string]: unknown;
}

/** Title, subtitle and alt text of a {@link Chart}. */
export interface ChartHead {
  /** What the chart shows, above it. */
  readonly title: string;
  /** A smaller second line; nothing is shown if it is empty or missing. */
  readonly subtitle?: string | undefined;
  /** Alt text: one or two sentences that say what a reader would see. */
  readonly description: string;
}

/**
 * Adds the title, the alt text and the project's look to a chart's body.
 *
 * @param head Title, subtitle and alt text.
 * @param body The rest of the specification: data, marks, encodings, size.
 * @returns A complete specification.
 */
export function chart(head: ChartHead, body: Record<string, unknown>): Chart {
  const subtitle = head.subtitle ? { subtitle: head.subtitle } : {};
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v5.json",
    title: { text: head.title, ...subtitle },
    description: head.description,
    ...body,
    config: theme,
  };
}

/**
 * The alt text of a chart: its title and description.
 *
 * @param spec A chart of this room.
 * @returns One line of plain text, not escaped.
 */
export function chartAlt(spec: Chart): string {
  return [spec.title.text, spec.description].filter(Boolean).join(". ");
}

/** Quiet axes, dark text on a white card, left-aligned titles. */
const theme: Readonly<Record<string, unknown>> = {
  background: ink.paper,
  padding: 12,
  // DejaVu Sans comes with the project and sets the layout; Verdana, from
  // which its widths derive, replaces it where it is missing.
  font: "DejaVu Sans, Verdana, sans-serif",
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "bounds",
    color: ink.text,
    fontSize: 14,
    fontWeight: "bold",
    subtitleColor: ink.faint,
    subtitleFontSize: 11,
    subtitlePadding: 4,
    offset: 12,
  },
  axis: {
    domainColor: ink.faint,
    gridColor: ink.line,
    tickColor: ink.faint,
    labelColor: ink.text,
    labelFontSize: 11,
    labelPadding: 4,
    titleColor: ink.text,
    titleFontSize: 11,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  axisX: { grid: false },
  axisY: { domain: false, ticks: false },
  legend: {
    orient: "bottom",
    direction: "horizontal",
    columns: 4,
    labelColor: ink.text,
    labelFontSize: 11,
    labelLimit: 260,
    symbolStrokeWidth: 2,
    symbolSize: 70,
    title: null,
    columnPadding: 18,
    offset: 12,
  },
  range: { category: [...palette] },
};
