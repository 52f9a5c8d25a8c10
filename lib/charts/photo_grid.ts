/**
 * The figure of the write-up: labelled rows of photos, such as originals over
 * reconstructions.
 *
 * @module
 */
import { createCanvas, ImageData, type SKRSContext2D } from "@napi-rs/canvas";
import {
  encodePixels,
  type Pixels,
  resizeImage,
  withAlpha,
  withoutAlpha,
} from "@/images/mod.ts";
import { invalid } from "@/errors/invalid.ts";
import {
  type GridContents,
  type GridLayout,
  gridLayout,
} from "./grid_layout.ts";
import { ink } from "./palette.ts";
import { fontFamily, loadFonts } from "./text_width.ts";

/** What {@link photoGrid} shows. */
export interface PhotoGridOptions extends GridContents {
  /** Pixels of the figure per pixel of a photo, positive; 1 by default. */
  readonly scale?: number;
  /** The file's format; PNG by default. */
  readonly format?: "png" | "jpeg";
}

/** Where each pixel is drawn several times, a lower quality looks the same. */
const jpegQuality = { plain: 90, scaledUp: 75 };

/**
 * Draws photos in rows and columns on white. Photos keep their relative sizes;
 * whole scales repeat pixels exactly, others resample by Lanczos.
 *
 * @param options Rows, headings, scale and format.
 * @returns The bytes of a PNG or JPEG file, the same on every machine.
 * @throws {RangeError} If there is no photo, the scale is not positive, or
 * there are more headings or captions than photos in a row.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { photoGrid } from "./mod.ts";
 *
 * const grey = { width: 8, height: 8, data: new Uint8Array(192).fill(128) };
 * const bytes = await photoGrid({
 *   rows: [
 *     { label: "original", photos: [grey, grey] },
 *     { label: "epoch 10", photos: [grey, grey] },
 *   ],
 * });
 * assertEquals(bytes.subarray(1, 4), new TextEncoder().encode("PNG"));
 * ```
 */
export async function photoGrid(
  options: PhotoGridOptions,
): Promise<Uint8Array> {
  const { format = "png", scale = 1 } = options;
  const pixels = await photoGridPixels(options);
  const quality = scale > 1 ? jpegQuality.scaledUp : jpegQuality.plain;
  return await encodePixels(pixels, format, { quality });
}

/**
 * Draws as {@link photoGrid} does, without encoding a file.
 *
 * @param options As for {@link photoGrid}; the format is ignored.
 * @returns 8-bit sRGB pixels.
 * @throws {RangeError} As {@link photoGrid}.
 */
export async function photoGridPixels(
  options: PhotoGridOptions,
): Promise<Pixels> {
  const rows = await Promise.all(options.rows.map(async (row) => ({
    ...row,
    photos: await Promise.all(
      row.photos.map((photo) => enlarge(photo, options.scale ?? 1)),
    ),
  })));
  const layout = gridLayout({ ...options, rows });
  const { width, height } = layout;
  loadFonts();
  const context = createCanvas(width, height).getContext("2d");
  context.fillStyle = ink.paper;
  context.fillRect(0, 0, width, height);
  drawTexts(context, layout);
  for (const { photo, left, top } of layout.photos) {
    const image = new ImageData(withAlpha(photo.data), photo.width);
    context.putImageData(image, left, top);
  }
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, data: withoutAlpha(data) };
}

async function enlarge(photo: Pixels, scale: number): Promise<Pixels> {
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw invalid("scale", "positive", scale);
  }
  if (Number.isInteger(scale)) return repeatPixels(photo, scale);
  const width = Math.max(1, Math.round(photo.width * scale));
  const height = Math.max(1, Math.round(photo.height * scale));
  return await resizeImage(photo, width, height);
}

function repeatPixels(photo: Pixels, times: number): Pixels {
  const [width, height] = [photo.width * times, photo.height * times];
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = Math.floor(y / times) * photo.width + Math.floor(x / times);
      data.set(
        photo.data.subarray(from * 3, from * 3 + 3),
        (y * width + x) * 3,
      );
    }
  }
  return { width, height, data };
}

function drawTexts(context: SKRSContext2D, layout: GridLayout): void {
  context.textBaseline = "alphabetic";
  for (const { text, left, baseline, size, bold, faint } of layout.texts) {
    context.font = `${bold ? "bold" : "normal"} ${size}px "${fontFamily}"`;
    context.fillStyle = faint ? ink.faint : ink.text;
    context.fillText(text, left, baseline);
  }
}
