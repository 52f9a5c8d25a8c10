/**
 * Shows what a notebook has at hand below the running cell: a figure, a chart, a
 * picture, pixels, a tensor, a table, an image file or text.
 *
 * @module
 */
import { type Chart, chartAlt, type Table } from "@/charts/mod.ts";
import type { Figure } from "@/experiment/types.ts";
import {
  decodePixels,
  encodePixels,
  type Pixels,
  readImage,
  resizeImage,
} from "@/images/mod.ts";
import {
  chartBundle,
  type Display,
  jupyterDisplay,
  pictureBundle,
  tableBundle,
} from "./display.ts";

/** A PNG or JPEG file and what a reader sees in it. */
export interface Picture {
  /** The file's bytes. */
  readonly photos: Uint8Array;
  /** Alt text. */
  readonly alt: string;
}

/** Both images of a `.onecode` file, of which the larger one is shown. */
export interface DecodedImages {
  /** The high image, if it was decoded. */
  readonly high?: Pixels | undefined;
  /** The medium image, if it was decoded. */
  readonly medium?: Pixels | undefined;
}

/** A tensor of any backend: an image if it has the shape of one. */
export interface ShowableTensor {
  /** Such as `[height, width, 3]`. */
  readonly shape: readonly number[];
  /** Its values. */
  data(): Promise<ArrayLike<number> | readonly string[]>;
  /** Its values in words. */
  toString(): string;
}

/**
 * What {@linkcode show} can show. A string is Markdown, or the path of an image
 * file; bytes are those of an image file.
 */
export type Showable =
  | Figure
  | Chart
  | Picture
  | Table
  | Pixels
  | DecodedImages
  | ShowableTensor
  | Uint8Array
  | string;

/** The longer side of pictures in a notebook, in pixels. */
const LONGEST = 1000;

const IMAGE_PATH = /^[^\n*`|]+\.(png|jpe?g|webp|avif|tiff?)$/i;

/**
 * Shows something below the running cell: a chart live in JupyterLab and as
 * SVG elsewhere, a table with every value escaped, a large picture scaled down
 * to 1,000 pixels, a tensor `[height, width, 3]` of values in 0..1 as a picture
 * and any other by its values. Outside Jupyter it does nothing.
 *
 * @param content What to show, or a promise of it.
 * @param display Where to show it.
 * @throws {TypeError} If the content is nothing that can be shown, or a picture
 * is neither PNG nor JPEG.
 * @throws {ImageError} If bytes or a path are not those of an image file.
 * @throws {RangeError} If a table's row does not have one cell per column.
 * @throws {Error} If a chart's specification does not compile.
 */
export async function show(
  content: Showable | Promise<Showable>,
  display: Display | undefined = jupyterDisplay(),
): Promise<void> {
  const shown: unknown = await content;
  if (display === undefined) return;
  const pixels = await pixelsOf(shown);
  if (pixels !== undefined) return await showPixels(pixels, display);
  if (typeof shown === "string") {
    await display({ "text/markdown": shown, "text/plain": shown });
  } else if (has(shown, "rows", "columns")) {
    await display(tableBundle(shown as unknown as Table));
  } else if (has(shown, "photos", "alt")) {
    const { photos, alt } = shown as unknown as Picture;
    await display(pictureBundle(photos, alt), { alt });
  } else if (isTensor(shown)) {
    await display({ "text/plain": shown.toString() });
  } else {
    const chart = has(shown, "chart") ? shown["chart"] : shown;
    if (!isChart(chart)) throw new TypeError(refusal(shown));
    await display(await chartBundle(chart), { alt: chartAlt(chart) });
  }
}

/** The pixels of what is a picture of some kind. */
async function pixelsOf(shown: unknown): Promise<Pixels | undefined> {
  if (typeof shown === "string") {
    return IMAGE_PATH.test(shown) ? await readImage(shown) : undefined;
  }
  if (shown instanceof Uint8Array) return await decodePixels(shown);
  if (isPixels(shown)) return shown;
  if (has(shown, "highIs") || has(shown, "medium") || has(shown, "high")) {
    const { high, medium } = shown as DecodedImages;
    return high ?? medium;
  }
  if (!isTensor(shown)) return undefined;
  const [height = 0, width = 0, channels] = shown.shape;
  if (shown.shape.length !== 3 || channels !== 3) return undefined;
  const values = await shown.data() as ArrayLike<number>;
  // Rounded and cut to 0..255.
  const data = Uint8ClampedArray.from(values, (value) => 255 * value);
  return { width, height, data: new Uint8Array(data.buffer) };
}

async function showPixels(pixels: Pixels, display: Display): Promise<void> {
  const { width, height } = pixels;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const side = (length: number) => Math.max(1, Math.round(scale * length));
  const small = scale < 1
    ? await resizeImage(pixels, side(width), side(height))
    : pixels;
  const alt = `A picture of ${width} × ${height} pixels`;
  const format = width * height > 256 ** 2 ? "jpeg" : "png";
  const bytes = await encodePixels(small, format, {});
  await display(pictureBundle(bytes, alt), { alt });
}

function has(
  value: unknown,
  ...names: string[]
): value is Record<string, unknown> {
  return typeof value === "object" && value !== null &&
    names.every((name) => name in value);
}

/** A chart has a width, a height and data, too. */
function isPixels(value: unknown): value is Pixels & Record<string, unknown> {
  return has(value, "width", "height", "data") &&
    value["data"] instanceof Uint8Array;
}

function isTensor(value: unknown): value is ShowableTensor {
  return has(value, "shape", "dtype", "data") &&
    typeof value["data"] === "function";
}

function isChart(value: unknown): value is Chart {
  return has(value, "$schema");
}

function refusal(value: unknown): string {
  const kind = typeof value === "object" && value !== null
    ? `an object of ${Object.keys(value).slice(0, 5).join(", ") || "nothing"}`
    : `${value}`;
  return "Only a figure, chart, picture, tensor, table, image file or Markdown " +
    `text can be shown, not ${kind}.`;
}
