/**
 * What is shown below a notebook's cell, and how it gets there. JupyterLab shows
 * the live chart of a bundle, other pages the picture, a terminal the text.
 * Everything in this room takes the display as an argument, so that it can be
 * tested without a kernel.
 *
 * @see {@link https://jupyter-client.readthedocs.io/en/stable/messaging.html#display-data}
 * @module
 */
import {
  type Chart,
  chartAlt,
  chartSvg,
  type Table,
  tableHtml,
  tableMarkdown,
} from "@/charts/mod.ts";

/** The same content in several formats, by MIME type. */
export type Bundle = Readonly<Record<string, unknown>>;

/** How a bundle is shown. */
export interface DisplayOptions {
  /** Identifies the output for later updates. */
  readonly id?: string;
  /** Replaces the output with that id instead of adding one. */
  readonly update?: boolean;
  /** Alt text of the pictures in the bundle. */
  readonly alt?: string;
}

/** Shows a bundle below the running cell. */
export type Display = (
  bundle: Bundle,
  options?: DisplayOptions,
) => Promise<void>;

/**
 * Gets the display of the notebook that runs this code.
 *
 * @returns `undefined` outside a Jupyter kernel.
 */
export function jupyterDisplay(): Display | undefined {
  const jupyter = kernel();
  if (jupyter === undefined) return undefined;
  return async (bundle, { id, update = false, alt } = {}) => {
    await jupyter.broadcast(update ? "update_display_data" : "display_data", {
      data: bundle,
      metadata: {
        ...(alt === undefined ? {} : altMetadata(bundle, alt)),
        // Where a tab that is opened later finds it, see `deno task lab`.
        ...(id === undefined ? {} : { onecode: { slot: id } }),
      },
      transient: id === undefined ? {} : { display_id: id },
    });
  };
}

/** Outside a kernel, reading `Deno.jupyter` throws. */
function kernel(): typeof Deno.jupyter | undefined {
  try {
    return Deno.jupyter;
  } catch {
    return undefined;
  }
}

/** Notebook converters look for the alt text under the picture's type. */
function altMetadata(bundle: Bundle, alt: string): Record<string, unknown> {
  const pictures = Object.keys(bundle).filter((type) =>
    type.startsWith("image/")
  );
  return Object.fromEntries(pictures.map((type) => [type, { alt }]));
}

/** Puts a bundle in its place, with the alt text of its picture. */
export type OutputSlot = (bundle: Bundle, alt?: string) => Promise<void>;

/**
 * Makes a place below a cell that appears with its first bundle and then shows
 * the latest one.
 *
 * @param display Where; without it nothing is shown.
 * @returns A function that fills the place.
 */
export function outputSlot(display: Display | undefined): OutputSlot {
  const id = crypto.randomUUID();
  let update = false;
  return async (bundle, alt) => {
    const options = { id, update, ...(alt === undefined ? {} : { alt }) };
    update = true;
    await display?.(bundle, options);
  };
}

/**
 * Makes a bundle of a chart, live and as SVG.
 *
 * @param chart Any chart of `@/charts/mod.ts`.
 * @throws {Error} If the specification does not compile.
 */
export async function chartBundle(chart: Chart): Promise<Bundle> {
  return {
    "application/vnd.vegalite.v5+json": chart,
    ...await chartPictureBundle(chart),
  };
}

/**
 * Makes a bundle of a chart as SVG only, for charts that change: redrawing a
 * live chart flickers.
 *
 * @param chart Any chart of `@/charts/mod.ts`.
 * @throws {Error} If the specification does not compile.
 */
export async function chartPictureBundle(chart: Chart): Promise<Bundle> {
  return {
    "image/svg+xml": await chartSvg(chart),
    "text/plain": chartAlt(chart),
  };
}

/**
 * Makes a bundle of a picture.
 *
 * @param bytes A PNG or JPEG file.
 * @param alt Alt text.
 * @throws {TypeError} If the bytes are neither.
 */
export function pictureBundle(bytes: Uint8Array, alt: string): Bundle {
  return { [pictureType(bytes)]: bytes.toBase64(), "text/plain": alt };
}

/**
 * Makes a bundle of a table: HTML, and Markdown as its plain text.
 *
 * @param table Columns and rows.
 * @throws {RangeError} If a row does not have one cell per column.
 */
export function tableBundle(table: Table): Bundle {
  return { "text/html": tableHtml(table), "text/plain": tableMarkdown(table) };
}

function pictureType(bytes: Uint8Array): "image/png" | "image/jpeg" {
  const start = bytes.subarray(0, 4).toHex();
  if (start === "89504e47") return "image/png";
  if (start.startsWith("ffd8ff")) return "image/jpeg";
  throw new TypeError(
    `Only PNG and JPEG files can be shown, not one that starts with "${start}".`,
  );
}
