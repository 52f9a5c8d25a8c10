/**
 * A Vega view of a chart, laid out with the project's own text widths.
 *
 * @module
 */
import type * as Vega from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { vega } from "./_vega.ts";
import type { Chart } from "./chart.ts";
import { textWidth } from "./text_width.ts";

/** The part of a Vega text item that decides its width. */
interface TextItem {
  readonly text?: unknown;
  readonly fontSize?: number;
  readonly fontWeight?: string | number;
  readonly limit?: number;
}

/** The parts of Vega that its type declarations leave out. */
interface UntypedVega {
  readonly textMetrics: { width: (item: TextItem, text?: string) => number };
  /** Start the numbers of clip paths and gradients again. */
  readonly resetSVGDefIds: () => void;
}

/**
 * Compile a chart and prepare a view without a page. The caller finalizes it.
 *
 * @param spec A Vega-Lite 5 specification.
 * @returns A view that can give SVG or draw on a canvas.
 * @throws {Error} When Vega-Lite warns about the specification or Vega cannot
 * read it.
 */
export function chartView(spec: Chart): Vega.View {
  makeRepeatable(vega as unknown as UntypedVega);
  const compiled = compile(spec as unknown as TopLevelSpec, {
    logger: strictLogger(),
  }).spec;
  return new vega.View(vega.parse(compiled), {
    renderer: "none",
    logLevel: vega.Error,
  });
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
    throw new Error(`Cannot draw the chart: ${words.join(" ")}`);
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
