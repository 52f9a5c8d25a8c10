/**
 * What an image file says about its channels and colours beyond what libvips
 * takes into account. Files whose colours would be read wrongly are refused.
 *
 * - libvips takes every channel beyond the colours for transparency, even the
 *   masks and spot colours of a TIFF file.
 * - It takes floating-point values for linear, scales 32-bit ones wrongly, reads
 *   uncompressed YCbCr as RGB, and mixes up the planes of grey with alpha.
 * - It ignores the gamma and the primaries of a PNG file, the primaries and the
 *   transfer curve of PNG and AVIF files that state them as numbers (CICP, ITU-T
 *   H.273), and that colours of AVIF may be multiplied by transparency.
 *
 * @see TIFF 6.0; PNG third edition, section 11; ISO/IEC 14496-12, section 12.1.5
 * @module
 */
import { ImageError } from "./image_error.ts";

/** What the channels of an image mean. */
export interface ChannelLayout {
  /** Number of colour channels; transparency, if any, is the next one. */
  readonly colours: number;
  /** Whether there is transparency. */
  readonly hasAlpha: boolean;
  /** Whether colours are multiplied by transparency. */
  readonly isPremultiplied: boolean;
  /** The byte of a TIFF file that says so. */
  readonly premultipliedAt?: number;
}

/**
 * Finds out what the channels of an image mean.
 *
 * @param bytes The whole file.
 * @param image Its format, its colour space and its number of channels, as sharp
 * reports them.
 * @returns The meaning of the channels.
 * @throws {ImageError} If the colours of such files cannot be read correctly;
 * the message says how to convert them.
 */
export function channelLayout(
  bytes: Uint8Array,
  image: { format: string; space: string; channels: number; hasIcc: boolean },
): ChannelLayout {
  const { format, space, channels, hasIcc } = image;
  const colours = Math.min(channels, colourCount[space] ?? 3);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (format === "tiff") {
    const { tags, extrasAt } = readTags(view);
    checkSamples(tags);
    // 1 and 2 are transparency, premultiplied or not; 0 is anything else.
    const [extra = 0] = tags.get(338) ?? [];
    const hasAlpha = channels > colours && (extra === 1 || extra === 2);
    const isPremultiplied = hasAlpha && extra === 1;
    return {
      colours,
      hasAlpha,
      isPremultiplied,
      ...(isPremultiplied ? { premultipliedAt: extrasAt } : {}),
    };
  }
  if (format === "png" && !hasIcc) checkPngColours(view);
  const found = format === "avif" ? readAvif(view) : undefined;
  if (!hasIcc) found?.codes.forEach((codes) => checkCodes(...codes));
  const hasAlpha = channels > colours;
  const isPremultiplied = hasAlpha && found?.isPremultiplied === true;
  return { colours, hasAlpha, isPremultiplied };
}

/**
 * Refuses TIFF files that libvips cannot open, with a better reason than its
 * own.
 *
 * @param bytes The whole file.
 * @throws {ImageError} If the file has samples that cannot be read.
 */
export function checkTiff(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkSamples(readTags(view).tags);
}

const colourCount: Readonly<Record<string, number>> = {
  "b-w": 1,
  grey16: 1,
  cmyk: 4,
};

const toRgb = "convert it to 8-bit or 16-bit RGB first";

function refuse(what: string, remedy = toRgb): never {
  throw new ImageError(`Image ${what}, which is not supported; ${remedy}.`);
}

/** Compressions of TIFF that libvips knows here: none, CCITT, LZW and others. */
const compressions = [1, 2, 3, 4, 5, 6, 7, 8, 32773, 32946];

function checkSamples(tags: ReadonlyMap<number, readonly number[]>): void {
  const bits = tags.get(258) ?? [];
  const formats = tags.get(339) ?? [];
  const [compression = 1] = tags.get(259) ?? [];
  const [photometric = 1] = tags.get(262) ?? [];
  if (!compressions.includes(compression)) {
    refuse(
      `has TIFF's compression ${compression}`,
      "save it without compression or with LZW",
    );
  }
  if (formats.includes(3)) refuse(`has ${bits[0]}-bit floating-point values`);
  if (formats.some((format) => format !== 1 && format !== 4)) {
    refuse(`has signed or complex values`);
  }
  const unusual = bits.find((count) => ![1, 2, 4, 8, 16].includes(count));
  if (unusual !== undefined) refuse(`has ${unusual} bits per channel`);
  if (photometric === 8 || photometric === 9 || photometric === 10) {
    refuse("has Lab colours");
  }
  // Decompressing JPEG converts YCbCr to RGB; nothing else does.
  if (photometric === 6 && compression !== 6 && compression !== 7) {
    refuse("has YCbCr colours without JPEG compression");
  }
  const isGrey = photometric === 0 || photometric === 1;
  if (isGrey && bits.length > 1 && tags.get(284)?.[0] === 2) {
    refuse("keeps grey and other channels apart");
  }
  const extras = tags.get(338) ?? [];
  const isAlpha = (kind = 0) => kind === 1 || kind === 2;
  if (photometric === 5 && bits[0] === 16 && extras[0] === 1) {
    refuse("has 16-bit CMYK colours that are multiplied by transparency");
  }
  if (extras.slice(1).some(isAlpha) && !isAlpha(extras[0])) {
    refuse("keeps its transparency behind other channels");
  }
  if (photometric === 5 && (tags.get(332)?.[0] ?? 1) !== 1) {
    refuse("has other inks than CMYK");
  }
  const [samples = bits.length] = tags.get(277) ?? [];
  if (samples > 1 && (bits[0] ?? 8) < 8) {
    refuse(`has ${bits[0]} bits per channel`);
  }
  if (photometric === 4 || photometric > 6) {
    refuse(`has colours of TIFF's kind ${photometric}`);
  }
}

/** Bytes per number by its type: BYTE, SHORT and LONG. */
const bytesOfType: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4 };

/**
 * Numbers of the first image's tags that {@linkcode channelLayout} needs, and
 * the lowest byte of the first of ExtraSamples.
 */
function readTags(
  view: DataView,
): { readonly tags: Map<number, number[]>; readonly extrasAt: number } {
  const tags = new Map<number, number[]>();
  let extrasAt = 0;
  try {
    const order = view.getUint16(0);
    const little = order === 0x4949; // "II", otherwise "MM"
    const version = view.getUint16(2, little);
    const isTiff = (little || order === 0x4d4d) && [42, 43].includes(version);
    if (!isTiff) return { tags, extrasAt };
    const big = version === 43;
    const word = (at: number) =>
      big ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little);
    const size = big ? 8 : 4; // bytes of an offset or a count
    const table = word(size);
    const entries = big ? word(table) : view.getUint16(table, little);
    for (let i = 0; i < entries; i++) {
      const at = table + (big ? 8 : 2) + i * (4 + 2 * size);
      const tag = view.getUint16(at, little);
      if (![258, 259, 262, 277, 284, 332, 338, 339].includes(tag)) continue;
      const count = Math.min(word(at + 4), 64);
      const bytes = bytesOfType[view.getUint16(at + 2, little)] ?? 2;
      const start = bytes * count <= size ? at + 4 + size : word(at + 4 + size);
      const read = (from: number) =>
        bytes === 1
          ? view.getUint8(from)
          : bytes === 2
          ? view.getUint16(from, little)
          : view.getUint32(from, little);
      const numbers = Array.from(
        { length: count },
        (_, j) => read(start + bytes * j),
      );
      tags.set(tag, numbers);
      if (tag === 338) extrasAt = little ? start : start + bytes - 1;
    }
  } catch (error) {
    // A file that is cut off; libvips says so when it decodes it.
    if (!(error instanceof RangeError)) throw error;
  }
  return { tags, extrasAt };
}

function checkPngColours(view: DataView): void {
  let isSrgb = false;
  let gamma: number | undefined;
  let hasOwnPrimaries = false;
  for (let at = 8; at + 12 <= view.byteLength;) {
    const length = view.getUint32(at);
    const name = text(view, at + 4);
    if (name === "IDAT" || at + 12 + length > view.byteLength) break;
    if (name === "sRGB") isSrgb = true;
    if (name === "gAMA") gamma = view.getUint32(at + 8) / 100_000;
    if (name === "cHRM") {
      hasOwnPrimaries = srgbPrimaries.some((value, i) =>
        Math.abs(value - view.getUint32(at + 8 + 4 * i) / 100_000) > 0.005
      );
    }
    if (name === "cICP") {
      checkCodes(view.getUint8(at + 8), view.getUint8(at + 9));
      isSrgb = true; // it takes precedence over gamma
    }
    at += 12 + length;
  }
  const isUsual = gamma === undefined || Math.abs(gamma - 1 / 2.2) < 0.02;
  if (!isSrgb && !isUsual) refuse(`is encoded with a gamma of ${gamma}`);
  if (!isSrgb && hasOwnPrimaries) refuse("has other primaries than sRGB");
}

/** White, red, green and blue, x and y each. */
const srgbPrimaries = [0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06];

/** What an AVIF file says about its colours. */
interface AvifColours {
  /** Primaries and transfer curves by number, `meta/iprp/ipco/colr`. */
  readonly codes: [primaries: number, transfer: number][];
  /** Whether there is a reference of the kind `meta/iref/prem`. */
  isPremultiplied: boolean;
}

function readAvif(view: DataView): AvifColours {
  const found: AvifColours = { codes: [], isPremultiplied: false };
  for (const { name, start, end } of mediaBoxes(view)) {
    if (name === "prem") found.isPremultiplied = true;
    const isNumbers = name === "colr" && end - start >= 8 &&
      text(view, start) === "nclx";
    if (isNumbers) {
      found.codes.push([
        view.getUint16(start + 4),
        view.getUint16(start + 6),
      ]);
    }
  }
  return found;
}

/** A box of an ISO base media file, such as an AVIF file. */
export interface MediaBox {
  /** Four letters. */
  readonly name: string;
  /** Where its content begins. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
}

/**
 * The boxes of an ISO base media file, up to a damaged one; those inside the
 * boxes that describe images follow the box that holds them.
 *
 * @param view The file.
 * @param from Where the first box begins; the file's start by default.
 * @param to Where the last box ends; the file's end by default.
 * @returns The boxes in their order.
 */
export function* mediaBoxes(
  view: DataView,
  from: number = 0,
  to: number = view.byteLength,
): Generator<MediaBox> {
  for (const box of boxes(view, from, to)) {
    yield box;
    const { name, start, end } = box;
    if (name === "meta" || name === "iref") {
      yield* mediaBoxes(view, start + 4, end); // after version and flags
    }
    if (name === "iprp" || name === "ipco") yield* mediaBoxes(view, start, end);
  }
}

function* boxes(
  view: DataView,
  from: number,
  to: number,
): Generator<MediaBox> {
  for (let at = from; at + 8 <= to;) {
    const short = view.getUint32(at);
    const header = short === 1 ? 16 : 8;
    if (at + header > to) return;
    const length = short === 0
      ? to - at
      : short === 1
      ? Number(view.getBigUint64(at + 8))
      : short;
    const end = at + length;
    if (length < header || end > to) return;
    yield { name: text(view, at + 4), start: at + header, end };
    at = end;
  }
}

function checkCodes(primaries: number, transfer: number): void {
  if (transfer === 16 || transfer === 18) refuse("has a high dynamic range");
  // BT.709 and its near relatives of television, or not stated.
  if (![1, 2, 5, 6].includes(primaries)) refuse("has a wide range of colours");
  // The curves of television, which are shown as sRGB; sRGB; or not stated.
  if (![1, 2, 6, 13, 14, 15].includes(transfer)) {
    refuse("has an unusual tone curve");
  }
}

/** Four letters. */
function text(view: DataView, at: number): string {
  return String.fromCharCode(
    ...new Uint8Array(view.buffer, view.byteOffset + at, 4),
  );
}
