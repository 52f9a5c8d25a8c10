/**
 * Image files to pixels, by sharp (libvips).
 *
 * Photos come in many forms: rotated by an EXIF tag, grey, CMYK, with 16 bits
 * per channel, an ICC profile or transparency. Here all of them become upright
 * 8-bit sRGB, so that no other part of the project has to care.
 *
 * @see https://sharp.pixelplumbing.com/api-constructor
 * @module
 */
import sharp, { type Sharp } from "sharp";

import { systemReason } from "@/files/system_error.ts";
import { channelLayout, checkTiff } from "./colour_layout.ts";
import { fitsColours, readIccProfile } from "./icc_profile.ts";
import { ImageError } from "./image_error.ts";
import type { Pixels } from "./pixels.ts";
import { toBytes, toUnshared } from "./sharp_pixels.ts";
import { divideByAlpha, type Samples, toSrgb } from "./to_srgb.ts";

/** The maximum number of pixels that sharp decodes. */
const mostPixels = 0x3fff ** 2;

const readable = new Set(["jpeg", "png", "webp", "avif", "tiff"]);

/**
 * Decodes a JPEG, PNG, WebP, AVIF or TIFF file into 8-bit sRGB pixels.
 *
 * - The EXIF orientation is applied, so the picture is upright.
 * - Grey becomes RGB; CMYK and colours with an ICC profile become sRGB.
 * - 16 bits per channel become 8.
 * - Transparency is laid on white; other channels beyond the colours, such as
 *   masks in TIFF files, are ignored.
 * - Of several pages or frames the first is taken.
 *
 * @param bytes The whole file.
 * @returns Pixels, `width * height * 3` values in 0..255.
 * @throws {ImageError} If the bytes are not such a file, are damaged, or have
 * colours that cannot be converted correctly.
 * @example
 * ```ts
 * import { decodePixels, encodePixels } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const dot = { width: 1, height: 1, data: new Uint8Array([1, 2, 3]) };
 * assertEquals(await decodePixels(await encodePixels(dot, "png")), dot);
 * ```
 */
export async function decodePixels(bytes: Uint8Array): Promise<Pixels> {
  if (bytes.length === 0) throw new ImageError("Image is empty.");
  const input = toUnshared(bytes);
  const header = await readHeader(input);
  const { format, space, channels, depth, icc } = header;
  if (!readable.has(format)) {
    throw new ImageError(
      `Image format "${format}" is not one of JPEG, PNG, WebP, AVIF and TIFF.`,
    );
  }
  if (header.width * header.height > mostPixels) {
    throw new ImageError(
      `Image of ${header.width} by ${header.height} pixels is too large; ` +
        `scale it down to at most ${Math.floor(mostPixels / 1e6)} megapixels.`,
    );
  }
  const hasIcc = icc !== undefined;
  const layout = channelLayout(bytes, { format, space, channels, hasIcc });
  const { colours, hasAlpha, isPremultiplied, premultipliedAt } = layout;
  const isForeign = hasIcc && !fitsColours(icc, colours);
  const profile = icc && readIccProfile(icc);
  const isDeep = depth === "ushort";
  const isGreyProfile = profile?.curves.length === 1;
  const fitting = isGreyProfile && colours !== 1 ? undefined : profile;
  // CMYK and profiles that are damaged, or of other kinds, are left to sharp.
  const isPlain = colours < 4 &&
    (!hasIcc || isForeign || profile !== undefined);
  const isOwn = isDeep || isPremultiplied ||
    (fitting !== undefined && (colours === 1 || fitting.table !== undefined));
  try {
    if (isPlain && isOwn) {
      const stored = await decodeSamples(
        premultipliedAt ? withStraightAlpha(input, premultipliedAt) : input,
        isDeep,
      );
      const samples = isPremultiplied ? divideByAlpha(stored) : stored;
      return toSrgb(samples, { profile: fitting, hasAlpha });
    }
    if (hasAlpha && (space === "cmyk" || channels > colours + 1)) {
      const samples = await decodeSamples(input, false, isForeign);
      if (space === "cmyk" && isDeep) await copyAlpha(input, samples);
      return toSrgb(samples, { profile: undefined, hasAlpha });
    }
    let image = open(input, isForeign).autoOrient();
    // sharp would stop at Display P3.
    if (icc && space === "rgb16") image = image.pipelineColourspace("srgb");
    if (hasAlpha) image = image.flatten({ background: "#ffffff" });
    const { data, info } = await image
      .toColourspace("srgb")
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data: toBytes(data) };
  } catch (error) {
    throw new ImageError(`Image is damaged: ${reason(error)}.`);
  }
}

function open(input: Uint8Array, ignoreIcc = false): Sharp {
  return sharp(input, {
    failOn: "error",
    ignoreIcc,
    limitInputChannels: 0,
    limitInputPixels: false, // checked by decodePixels
  });
}

/** All channels of an upright image, three of them for colours. */
async function decodeSamples(
  input: Uint8Array,
  isDeep: boolean,
  ignoreIcc = true,
): Promise<Samples> {
  const { data, info } = await open(input, ignoreIcc)
    .autoOrient()
    .toColourspace(isDeep ? "rgb16" : "srgb")
    .raw({ depth: isDeep ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  const samples = isDeep
    ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    : toBytes(data);
  const { width, height, channels } = info;
  return { width, height, channels, data: samples };
}

/**
 * A TIFF file whose colours are said not to be multiplied by transparency, as
 * libvips would divide them and round down.
 */
function withStraightAlpha(input: Uint8Array, at: number): Uint8Array {
  const bytes = input.slice();
  bytes[at] = 2;
  return bytes;
}

/** Copies the transparency of 16-bit CMYK, which libvips clips at 255. */
async function copyAlpha(input: Uint8Array, to: Samples): Promise<void> {
  const { data, info } = await open(input, true)
    .autoOrient()
    .pipelineColourspace("cmyk")
    .toColourspace("cmyk")
    .raw({ depth: "ushort" })
    .toBuffer({ resolveWithObject: true });
  const inks = new Uint16Array(
    data.buffer,
    data.byteOffset,
    data.byteLength / 2,
  );
  for (let i = 0; i < to.width * to.height; i++) {
    to.data[i * to.channels + 3] = Math.round(
      inks[i * info.channels + 4]! / 257,
    );
  }
}

async function readHeader(input: Uint8Array): Promise<Header> {
  try {
    const metadata = await open(input).metadata();
    const { format, compression, icc } = metadata;
    const isAvif = format === "heif" && compression === "av1";
    return {
      ...metadata,
      format: isAvif ? "avif" : format,
      icc: icc && toBytes(icc),
    };
  } catch (error) {
    checkTiff(input);
    const why = /unsupported image format/.test(reason(error))
      ? "it is not a JPEG, PNG, WebP, AVIF or TIFF file"
      : reason(error);
    throw new ImageError(`Image cannot be read: ${why}.`);
  }
}

/** What sharp says about a file before it is decoded. */
interface Header {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly space: string;
  readonly channels: number;
  /** The type of its values, such as `"uchar"`. */
  readonly depth: string;
  readonly icc: Uint8Array | undefined;
}

/**
 * Reads an image file. See {@linkcode decodePixels} for what is read and how.
 *
 * @param path The file.
 * @returns Pixels, `width * height * 3` values in 0..255.
 * @throws {ImageError} If the file is missing, damaged or of another kind; the
 * message names it.
 * @example
 * ```ts
 * import { readImage } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const photo = await readImage("data/starter/alpaca.webp");
 * assertEquals(photo.data.length, photo.width * photo.height * 3);
 * ```
 */
export async function readImage(path: string): Promise<Pixels> {
  const bytes = await Deno.readFile(path).catch(refuseFile(path));
  try {
    return await decodePixels(bytes);
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new ImageError(
      error.message.replace("Image", () => `Image "${path}"`),
    );
  }
}

/** Throws the reason why a file cannot be opened. */
function refuseFile(path: string): (error: unknown) => never {
  return (error) => {
    throw new ImageError(
      error instanceof Deno.errors.NotFound
        ? `Image "${path}" does not exist.`
        : `Image "${path}" could not be opened: ${systemReason(error)}.`,
    );
  };
}

/**
 * Reads the size of an image file from its header, without decoding it.
 *
 * @param path The file.
 * @returns Width and height of the upright picture in pixels.
 * @throws {ImageError} If the file is missing, damaged or not an image.
 * @example
 * ```ts
 * import { imageSize } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const size = await imageSize("data/starter/casa-mila.webp");
 * assertEquals(Math.min(size.width, size.height), 1024);
 * ```
 */
export async function imageSize(
  path: string,
): Promise<{ width: number; height: number }> {
  (await Deno.open(path).catch(refuseFile(path))).close();
  try {
    return (await sharp(path).metadata()).autoOrient;
  } catch (error) {
    throw new ImageError(`Image "${path}" cannot be read: ${reason(error)}.`);
  }
}

/** The first line of libvips' own words, which may have several. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split("\n")[0] ?? "").trim();
}
