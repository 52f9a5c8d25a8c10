/**
 * A chart as SVG text, the same on every machine: texts are measured in the
 * project's own font, and coordinates are rounded.
 *
 * @module
 */
import process from "node:process";
import type * as Vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { type Chart, chartAlt } from "./chart.ts";
import { escapeHtml } from "./escape_html.ts";
import { textWidth } from "./text_width.ts";

/**
 * Draws a chart as SVG, with the alt text as its accessible name.
 *
 * @param spec A chart of this room, or any Vega-Lite 5 specification with a
 * description and its data inside.
 * @returns SVG text of one root element.
 * @throws {Error} If the specification does not compile, or Vega-Lite warns
 * about it.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { barChart, chartSvg } from "./mod.ts";
 *
 * const svg = await chartSvg(barChart({
 *   title: "Fixes",
 *   label: "PSNR (dB)",
 *   bars: [{ name: "normalised", values: [21.2, 21.6] }],
 * }));
 * assert(svg.startsWith("<svg"));
 * ```
 */
export async function chartSvg(spec: Chart): Promise<string> {
  const view = newView(spec);
  try {
    const svg = await view.toSVG();
    const name = escapeHtml(chartAlt(spec));
    return roundCoordinates(svg)
      .replace("<svg ", () => `<svg role="img" aria-label="${name}" `);
  } finally {
    view.finalize();
  }
}

/** The last digits can differ between versions of a JavaScript engine. */
function roundCoordinates(svg: string): string {
  const coordinates = / (?:transform|d|x|y|x1|x2|y1|y2)="[^"]*"/g;
  const long = /-?\d+\.\d{3,}(?:e-?\d+)?/g;
  return svg.replace(
    coordinates,
    (attribute) =>
      attribute.replace(
        long,
        (number) => String(Math.round(Number(number) * 100) / 100 + 0),
      ),
  );
}

const vega = await importVega();

/**
 * One of Vega's dependencies loads `punycode`, and Node's API warns about that;
 * whoever draws a chart need not read it.
 */
async function importVega(): Promise<typeof Vega> {
  const before = process.noDeprecation ?? false;
  process.noDeprecation = true;
  const vega = await import("vega");
  process.noDeprecation = before;
  return vega;
}

/** A view without a page, which the caller finalizes. */
function newView(spec: Chart): Vega.View {
  makeRepeatable(vega as unknown as UntypedVega);
  const compiled = compile(spec as unknown as TopLevelSpec, {
    logger: strictLogger(),
  }).spec;
  return new vega.View(vega.parse(compiled), {
    renderer: "none",
    logLevel: vega.Error,
  });
}

/** The part of a Vega text item that decides its width. */
interface TextItem {
  readonly text?: unknown;
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly limit?: number;
}

/** The parts of Vega that its type declarations omit. */
interface UntypedVega {
  readonly textMetrics: { width: (item: TextItem, text?: string) => number };
  /** Restarts the numbering of clip paths and gradients. */
  readonly resetSVGDefIds: () => void;
}

function makeRepeatable({ textMetrics, resetSVGDefIds }: UntypedVega): void {
  resetSVGDefIds();
  textMetrics.width = (item, text) => {
    const line = String(text ?? item.text ?? "");
    const bold = item.fontWeight === "bold" || Number(item.fontWeight) >= 600;
    const width = textWidth(line, item.fontSize ?? 11, bold);
    return item.limit ? Math.min(width, item.limit) : width;
  };
}

/** A warning means that a chart function wrote a wrong specification. */
function strictLogger(): Vega.LoggerInterface {
  const refuse = (...words: readonly unknown[]): never => {
    throw new Error(`The chart cannot be drawn: ${words.join(" ")}`);
  };
  const ignore = (): Vega.LoggerInterface => logger;
  const logger = {
    level: (level?: number) => level === undefined ? vega.Warn : logger,
    error: refuse,
    warn: refuse,
    info: ignore,
    debug: ignore,
  } as Vega.LoggerInterface;
  return logger;
}
