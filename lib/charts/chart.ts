/**
 * What a chart is: a Vega-Lite 5 specification with its data inside, so that
 * it draws live in JupyterLab, as a file elsewhere, and never without alt text.
 *
 * @module
 */
import { theme } from "./theme.ts";

/** A Vega-Lite 5 specification with a title and a description (the alt text). */
export interface Chart {
  /** {@link vegaLiteSchema}. */
  readonly $schema: string;
  /** Shown above the chart. */
  readonly title: { readonly text: string; readonly subtitle?: string };
  /** Alt text. */
  readonly description: string;
  /** The look, in Vega-Lite's terms. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Data, marks, encodings and sizes, in Vega-Lite's terms. */
  readonly [part: string]: unknown;
}

/** The schema that JupyterLab 4 draws. */
export const vegaLiteSchema =
  "https://vega.github.io/schema/vega-lite/v5.json" as const;

/** Title, second line and alt text of a {@link Chart}. */
export interface ChartHead {
  /** What the chart shows, above it. */
  readonly title: string;
  /** A smaller second line, left out when empty. */
  readonly subtitle?: string;
  /** Alt text: a sentence or two that says what a reader would see. */
  readonly description: string;
}

/**
 * Put the shared head and {@link theme} on a body.
 *
 * @param head Title, subtitle and alt text.
 * @param body The rest of the specification: data, marks, encodings, size.
 * @returns A whole specification.
 */
export function chart(head: ChartHead, body: Record<string, unknown>): Chart {
  const subtitle = head.subtitle ? { subtitle: head.subtitle } : {};
  return {
    $schema: vegaLiteSchema,
    title: { text: head.title, ...subtitle },
    description: head.description,
    ...body,
    config: theme,
  };
}
