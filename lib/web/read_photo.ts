/**
 * Photos of the reader in a browser, with the colours of the command line.
 *
 * Browsers convert colours in ways of their own: with a profile, halved chroma
 * or transparency comes out up to 180 levels apart. So the browser decodes the
 * file without its profile, and the colours are converted here.
 *
 * @module
 */
/// <reference lib="dom" />
import { channelLayout } from "@/images/colour_layout.ts";
import { fitsColours, readIccProfile } from "@/images/icc_profile.ts";
import type { Pixels } from "@/images/pixels.ts";
import { splitProfile } from "@/images/split_profile.ts";
import { type Samples, toSrgb } from "@/images/to_srgb.ts";
import { decodeAvif, isTransparentAvif } from "./avif_planes.ts";
import { newContext } from "./pictures.ts";

/** Maximum side of the reader's own photos, in pixels; larger ones shrink. */
export const LONGEST_SIDE = 1024;

/**
 * Reads an image of a format that the browser knows.
 *
 * @param blob The file.
 * @param longest Maximum pixels of the longer side; a larger image is scaled
 * down.
 * @returns Its pixels; what is transparent becomes white.
 * @throws {Error} With a message for the reader, if it cannot be read or its
 * colours cannot be converted correctly.
 */
export async function readBlob(
  blob: Blob,
  longest = Infinity,
): Promise<Pixels> {
  const file = new Uint8Array(await blob.arrayBuffer());
  const { format, icc, bytes, colours } = await splitProfile(file);
  if (colours === 4) {
    throw new Error(
      "This is a JPEG with CMYK colours, which browsers show wrongly: " +
        "save it with RGB colours, or encode it by `deno task encode`.",
    );
  }
  if (format === "avif" && isTransparentAvif(file)) {
    throw new Error(
      "This is an AVIF file with transparency, which browsers show wrongly: " +
        "save it as PNG or WebP, or encode it by `deno task encode`.",
    );
  }
  const space = colours === 1 ? "b-w" : "srgb";
  const hasIcc = icc !== undefined;
  channelLayout(file, { format, space, channels: colours, hasIcc });
  const fits = hasIcc && fitsColours(icc, colours);
  const profile = fits ? readIccProfile(icc) : undefined;
  // A profile of a rare kind is left to the browser.
  const isLeft = fits && profile === undefined;
  const image = await decode(isLeft ? blob : new Blob([bytes]), blob);
  const planes = format === "avif" && !isLeft
    ? await decodeAvif(bytes)
    : undefined;
  const source = planes ? await createImageBitmap(planes) : image;
  return toSrgb(drawn(source, longest), { profile, hasAlpha: true });
}

/** Decodes an image, unless the whole file is damaged. */
async function decode(blob: Blob, whole: Blob): Promise<HTMLImageElement> {
  const image = new Image();
  try {
    // A bitmap is refused if the file is cut off, but has 8 bits per channel.
    (await createImageBitmap(whole)).close();
    image.src = URL.createObjectURL(blob);
    await image.decode();
    return image;
  } catch {
    throw new Error("The browser cannot read this file as an image.");
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** An image as it is drawn on a canvas, the last of four samples opacity. */
function drawn(
  image: HTMLImageElement | ImageBitmap,
  longest: number,
): Samples {
  const scale = Math.min(1, longest / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const context = newContext(width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  // Browsers that know only 8 bits per channel ignore the settings.
  const settings = { pixelFormat: "rgba-float16" } as ImageDataSettings;
  const { data } = context.getImageData(0, 0, width, height, settings);
  return { width, height, channels: 4, data: toSamples(data) };
}

function toSamples(
  data: ArrayLike<number> & ArrayBufferView,
): Uint8Array | Uint16Array {
  return data instanceof Uint8ClampedArray
    ? new Uint8Array(data.buffer, data.byteOffset, data.length)
    : Uint16Array.from(
      data,
      (value) => Math.round(65535 * Math.min(1, Math.max(0, value))),
    );
}
