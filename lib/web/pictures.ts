/**
 * Pictures in a browser: drawn on canvases, scaled, and encoded as JPEG and
 * WebP files of a maximum size.
 *
 * @module
 */
/// <reference lib="dom" />
import { type Pixels, withAlpha, withoutAlpha } from "@/images/pixels.ts";

/**
 * A new canvas, whose pixels can be read often.
 *
 * @param width Its width in pixels.
 * @param height Its height in pixels.
 * @returns Its context. It keeps images of 16 bits, where the browser can.
 */
export function newContext(
  width: number,
  height: number,
): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const settings = { colorType: "float16", willReadFrequently: true };
  return canvas.getContext("2d", settings as CanvasRenderingContext2DSettings)!;
}

/**
 * Draws a picture on a canvas, which takes its size.
 *
 * @param canvas The canvas.
 * @param picture The picture.
 */
export function drawPicture(
  canvas: HTMLCanvasElement,
  { width, height, data }: Pixels,
): void {
  Object.assign(canvas, { width, height });
  const image = new ImageData(withAlpha(data), width);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
}

/**
 * Scales a picture smoothly.
 *
 * @param picture The picture.
 * @param width New width in pixels.
 * @param height New height in pixels.
 * @returns The scaled picture.
 */
export function scalePicture(
  picture: Pixels,
  width: number,
  height: number,
): Pixels {
  const canvas = document.createElement("canvas");
  drawPicture(canvas, picture);
  const context = newContext(width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, data: withoutAlpha(data) };
}

/**
 * Encodes a picture with the best quality that fits into a size.
 *
 * @param picture The picture.
 * @param type `image/jpeg` or `image/webp`.
 * @param maxBytes Maximum size of the file.
 * @returns The file; that of the worst quality if none fits, nothing if the
 * browser cannot write the format.
 */
export async function fileOfSize(
  picture: Pixels,
  type: string,
  maxBytes: number,
): Promise<Blob | undefined> {
  const canvas = document.createElement("canvas");
  drawPicture(canvas, picture);
  const write = (quality: number) =>
    new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, type, quality / 100)
    );
  let [low, high] = [0, 100];
  let best = await write(low);
  if (best?.type !== type) return undefined;
  while (high - low > 1) {
    const quality = (low + high) >> 1;
    const file = await write(quality);
    if (file !== null && file.size <= maxBytes) [low, best] = [quality, file];
    else high = quality;
  }
  return best;
}
