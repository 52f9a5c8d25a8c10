/**
 * Pictures in a browser: read from files, drawn on canvases, and encoded as
 * JPEG and WebP files of a maximum size.
 *
 * @module
 */
/// <reference lib="dom" />
import { type Pixels, withAlpha, withoutAlpha } from "@/images/pixels.ts";

/** Maximum side of the reader's own photos, in pixels; larger ones shrink. */
export const LONGEST_SIDE = 1024;

/**
 * Reads an image of a format that the browser knows.
 *
 * @param blob The file.
 * @param longest Maximum pixels of the longer side; a larger image is scaled
 * down.
 * @returns Its pixels; what is transparent becomes white.
 * @throws {Error} With a message for the reader, if it cannot be read.
 */
export async function readBlob(
  blob: Blob,
  longest = Infinity,
): Promise<Pixels> {
  if (isCmykJpeg(new Uint8Array(await blob.arrayBuffer()))) {
    throw new Error(
      "This is a JPEG with CMYK colours, which browsers show wrongly: " +
        "save it with RGB colours.",
    );
  }
  const found = await decodeBlob(blob);
  const { naturalWidth, naturalHeight } = found;
  const scale = Math.min(1, longest / Math.max(naturalWidth, naturalHeight));
  const width = Math.max(1, Math.round(naturalWidth * scale));
  const height = Math.max(1, Math.round(naturalHeight * scale));
  const context = newContext(width, height);
  context.imageSmoothingQuality = "high";
  context.fillStyle = "white"; // behind what is transparent
  context.fillRect(0, 0, width, height);
  // Colours are converted from the profile in the file to sRGB.
  context.drawImage(found, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  return { width, height, data: withoutAlpha(data) };
}

async function decodeBlob(blob: Blob): Promise<HTMLImageElement> {
  const image = new Image();
  try {
    // A bitmap is refused if the file is cut off, but has 8 bits per channel.
    (await createImageBitmap(blob)).close();
    image.src = URL.createObjectURL(blob);
    await image.decode();
    return image;
  } catch {
    throw new Error("The browser cannot read this file as an image.");
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/**
 * Checks whether a file is a JPEG of four components, which are cyan, magenta,
 * yellow and black.
 *
 * @param bytes The file.
 * @returns False for other files, damaged ones too.
 */
export function isCmykJpeg(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return false;
  for (let at = 2; bytes[at] === 0xff;) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) { // a fill byte
      at++;
      continue;
    }
    // A frame header, and neither Huffman nor arithmetic tables.
    const isFrame = marker >= 0xc0 && marker <= 0xcf &&
      ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return bytes[at + 9] === 4;
    at += 2 + (bytes[at + 2]! << 8 | bytes[at + 3]!);
  }
  return false;
}

function newContext(width: number, height: number): CanvasRenderingContext2D {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  // Where 16-bit images become 8-bit before their colours are converted, they
  // are off by up to 4. Browsers that know no such canvas ignore the type.
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
