/**
 * Colour profiles taken out of image files, so that a decoder leaves the
 * colours as they are stored.
 *
 * @see ITU-T T.81, annex B; ICC.1:2022, annex B.4; PNG third edition, section 11;
 * WebP container specification; ISO/IEC 14496-12, section 12.1.5
 * @module
 */
import { mediaBoxes } from "./colour_layout.ts";

/** An image file in two parts. */
export interface SplitImage {
  /** `jpeg`, `png`, `webp` or `avif`; nothing for a file of another kind. */
  readonly format: string;
  /** The ICC profile, if there is one. */
  readonly icc?: Uint8Array;
  /** The file without it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of colour channels: 1 grey, 3 RGB, 4 CMYK. */
  readonly colours: number;
}

/**
 * Takes the ICC profile out of a JPEG, PNG, WebP or AVIF file.
 *
 * @param bytes The whole file.
 * @returns Its parts; a file of another kind, or a damaged one, as it is.
 */
export async function splitProfile(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SplitImage> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = { format: "", bytes, colours: 3 };
  try {
    if (view.getUint16(0) === 0xffd8) return splitJpeg(view, bytes);
    if (text(bytes, 1) === "PNG\r") return await splitPng(view, bytes);
    if (text(bytes, 8) === "WEBP") return splitWebp(view, bytes);
    return text(bytes, 4) === "ftyp" ? splitAvif(view, bytes) : whole;
  } catch {
    return whole; // damaged, which its decoder will say
  }
}

/** Segments `ff e2 length "ICC_PROFILE" 0 number count` before the picture. */
function splitJpeg(
  view: DataView,
  bytes: Uint8Array<ArrayBuffer>,
): SplitImage {
  const kept = [bytes.subarray(0, 2)];
  const parts: [number: number, part: Uint8Array][] = [];
  let colours = 3;
  let at = 2;
  while (at < bytes.length) {
    const marker = view.getUint16(at);
    if (marker === 0xffff) { // a fill byte
      at++;
      continue;
    }
    if (marker < 0xff00 || marker === 0xffda) break; // the picture
    const end = at + 2 + view.getUint16(at + 2);
    // A frame header, and neither Huffman nor arithmetic tables.
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf &&
      ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) colours = bytes[at + 9] ?? colours;
    if (marker === 0xffe2 && text(bytes, at + 4, 12) === "ICC_PROFILE\0") {
      parts.push([bytes[at + 16]!, bytes.subarray(at + 18, end)]);
    } else kept.push(bytes.subarray(at, end));
    at = end;
  }
  const format = "jpeg";
  if (parts.length === 0) return { format, bytes, colours };
  parts.sort(([a], [b]) => a - b);
  kept.push(bytes.subarray(at));
  const icc = join(parts.map(([, part]) => part));
  return { format, icc, bytes: join(kept), colours };
}

/** Chunks `length name data checksum`, of which several are about colours. */
async function splitPng(
  view: DataView,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<SplitImage> {
  const colours = (bytes[25]! & 2) === 0 ? 1 : 3;
  const kept = [bytes.subarray(0, 8)];
  let packed: Uint8Array<ArrayBuffer> | undefined;
  for (let at = 8; at < bytes.length;) {
    const [name, end] = [text(bytes, at + 4), at + 12 + view.getUint32(at)];
    if (name === "iCCP") {
      const data = bytes.subarray(at + 8, end - 4);
      packed = data.subarray(data.indexOf(0) + 2); // after name and method
    } else if (!["sRGB", "gAMA", "cHRM", "cICP"].includes(name)) {
      kept.push(bytes.subarray(at, end));
    }
    at = end;
  }
  const format = "png";
  if (packed === undefined) return { format, bytes, colours };
  const stream = new Blob([packed]).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  const icc = new Uint8Array(await new Response(stream).arrayBuffer());
  const image = { format, bytes: join(kept), colours };
  // libpng drops a profile of RGB from an image of grey.
  const isDropped = colours === 1 && text(icc, 16) !== "GRAY";
  return isDropped ? image : { ...image, icc };
}

/** Chunks `name length data`, of an even size each. */
function splitWebp(
  view: DataView,
  bytes: Uint8Array<ArrayBuffer>,
): SplitImage {
  const kept = [bytes.slice(0, 12)];
  let icc: Uint8Array | undefined;
  for (let at = 12; at < bytes.length;) {
    const [name, length] = [text(bytes, at), view.getUint32(at + 4, true)];
    const end = at + 8 + length + length % 2;
    const chunk = bytes.slice(at, end);
    if (name === "VP8X") chunk[8]! &= ~32; // there is no profile
    if (name === "ICCP") icc = chunk.subarray(8, 8 + length);
    else kept.push(chunk);
    at = end;
  }
  const image = { format: "webp", colours: 3 };
  if (icc === undefined) return { ...image, bytes };
  const rest = join(kept);
  new DataView(rest.buffer).setUint32(4, rest.length - 8, true);
  return { ...image, icc, bytes: rest };
}

/** A box `meta/iprp/ipco/colr`, which becomes free space. */
function splitAvif(
  view: DataView,
  bytes: Uint8Array<ArrayBuffer>,
): SplitImage {
  const rest = bytes.slice();
  let icc: Uint8Array | undefined;
  for (const { name, start, end } of mediaBoxes(view)) {
    const isProfile = name === "colr" &&
      ["prof", "rICC"].includes(text(bytes, start));
    if (!isProfile) continue;
    icc = bytes.subarray(start + 4, end);
    rest.set(new TextEncoder().encode("free"), start - 4);
  }
  return { format: "avif", ...(icc && { icc }), bytes: rest, colours: 3 };
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function text(bytes: Uint8Array, at: number, length = 4): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
