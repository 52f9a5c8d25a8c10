/**
 * JPEG 2000 by OpenJPEG, built to WebAssembly in
 * `@cornerstonejs/codec-openjpeg`.
 *
 * Its wrapper gives the encoder a buffer as large as the raw image, which the
 * headers of a tiny image overflow. `offsetForRoom` solves that with the means
 * of the standard: the image is placed at an offset on a wider reference grid,
 * so the buffer is sized for the grid while the code holds the image alone.
 *
 *     0 ──────── offset ──── offset + width
 *     │  nothing   │  image    │
 *
 * A failure leaves the wrapper's memory in an unknown state, so each one starts
 * a fresh instance.
 *
 * @module
 */
import createModule from "@cornerstonejs/codec-openjpeg/wasmjs";
import { Buffer } from "node:buffer";

import type { Pixels } from "@/images/mod.ts";
import { toBytes } from "@/images/sharp_pixels.ts";
import { checkQuality, type Codec, type QualityRange } from "./codec.ts";
import { startWasm } from "./wasm.ts";

const name = "JPEG 2000";
const range: QualityRange = { low: 0.02, high: 12, whole: false };

/** Enough bytes for the headers and the smallest code. */
const room = 2048;
/** Length of the comment that the rate control counts and we remove. */
const commentBytes = 39;

const startOfCodestream = 0xff4f;
const comment = 0xff64;
const startOfTilePart = 0xff90;
/** The decoder's word for it. */
const ALL_LAYERS = 0;

interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
}

interface Encoder {
  getDecodedBuffer(frame: FrameInfo): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  setQuality(lossless: boolean, layers: number): void;
  setCompressionRatio(layer: number, ratio: number): void;
  setDecompositions(levels: number): void;
  setImageOffset(offset: { x: number; y: number }): void;
  encode(): void;
  delete(): void;
}

interface Decoder {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): FrameInfo;
  decodeSubResolution(halvings: number, layers: number): void;
  delete(): void;
}

interface OpenJpeg {
  readonly J2KEncoder: new () => Encoder;
  readonly J2KDecoder: new () => Decoder;
}

const start = (): () => Promise<OpenJpeg> =>
  startWasm<OpenJpeg>(
    createModule,
    import.meta.resolve("@cornerstonejs/codec-openjpeg/wasm"),
  );
let openJpeg = start();

/**
 * JPEG 2000: the irreversible 9/7 wavelet, one layer, five levels.
 *
 * Quality is the wanted rate in bits per pixel, 0.02 to 12 in any fraction; the
 * encoder's rate control meets it within about 3 %, but it writes no less than
 * 100 to 150 bytes and no more than its finest quantiser needs. The file is the
 * bare codestream, without the 85 bytes of the JP2 wrapping.
 *
 * @example
 * ```ts
 * import { jpeg2000 } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 3, height: 5, data: new Uint8Array(45).fill(128) };
 * const decoded = await jpeg2000.decode(await jpeg2000.encode(grey, 2));
 * assertEquals([decoded.width, decoded.height], [3, 5]);
 * ```
 */
export const jpeg2000: Codec = {
  name,
  range,
  qualities: [0.1, 0.15, 0.2, 0.3, 0.45, 0.6, 0.8, 1, 1.4, 2, 3],
  async encode(pixels: Pixels, quality: number): Promise<Uint8Array> {
    checkQuality(name, range, quality);
    return encodeWith(await openJpeg(), pixels, quality);
  },
  async decode(bytes: Uint8Array): Promise<Pixels> {
    return await decode(bytes, 0);
  },
};

/**
 * Decodes an image at half its size, rounded up, from all resolutions of a file
 * but the highest. Each of its pixels is where the upper left one of the four of
 * the whole image is, half a pixel of that from where scaling down puts it.
 *
 * @param bytes A whole file, made with at least one level.
 * @returns The image, 8-bit sRGB.
 * @throws {Error} If the bytes are not such a file.
 */
export async function decodeJpeg2000Half(bytes: Uint8Array): Promise<Pixels> {
  return await decode(bytes, 1);
}

async function decode(bytes: Uint8Array, halvings: number): Promise<Pixels> {
  const pixels = decodeWith(await openJpeg(), bytes, halvings);
  if (pixels === undefined) {
    throw new Error(`JPEG 2000 file of ${bytes.length} bytes is damaged.`);
  }
  return pixels;
}

function encodeWith(
  { J2KEncoder }: OpenJpeg,
  { width, height, data }: Pixels,
  bpp: number,
): Uint8Array {
  const offset = offsetForRoom(width, height);
  const wanted = bpp * width * height / 8 + commentBytes;
  const levels = Math.min(5, Math.floor(Math.log2(Math.min(width, height))));
  try {
    const encoder = new J2KEncoder();
    encoder.getDecodedBuffer({
      width: offset + width,
      height,
      bitsPerSample: 8,
      componentCount: 3,
      isSigned: false,
    }).set(data);
    encoder.setImageOffset({ x: offset, y: 0 });
    encoder.setQuality(false, 1);
    encoder.setCompressionRatio(0, data.length / wanted);
    encoder.setDecompositions(levels);
    encoder.encode();
    const file = withoutComments(encoder.getEncodedBuffer());
    encoder.delete();
    return file;
  } catch {
    openJpeg = start();
    throw new Error(`JPEG 2000 cannot encode ${width}x${height} pixels`);
  }
}

/** Columns to leave empty at the left, a multiple of what the wavelet halves. */
function offsetForRoom(width: number, height: number): number {
  const columns = Math.ceil(room / (3 * height));
  return 32 * Math.ceil(Math.max(0, columns - width) / 32);
}

/** The image, or `undefined` if the bytes are not a whole RGB codestream. */
function decodeWith(
  { J2KDecoder }: OpenJpeg,
  bytes: Uint8Array,
  halvings: number,
): Pixels | undefined {
  if (bytes.length === 0) return undefined;
  try {
    const decoder = new J2KDecoder();
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.decodeSubResolution(halvings, ALL_LAYERS);
    const frame = decoder.getFrameInfo();
    const [width, height] = [frame.width, frame.height].map((side) =>
      Math.ceil(side / 2 ** halvings)
    ) as [number, number];
    const data = new Uint8Array(decoder.getDecodedBuffer());
    decoder.delete();
    const whole = frame.componentCount === 3 &&
      data.length === width * height * 3;
    return whole && width > 0 ? { width, height, data } : undefined;
  } catch {
    openJpeg = start();
    return undefined;
  }
}

/**
 * The codestream without the comments of its main header.
 *
 * The encoder names itself in one, 39 bytes of metadata that no decoder reads.
 * Later parts hold their own lengths, and none counts the main header.
 *
 * @param bytes A codestream of ISO/IEC 15444-1, annex A
 * @returns A shorter codestream
 * @throws {Error} If the bytes do not start as a codestream does
 */
export function withoutComments(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== startOfCodestream) {
    throw new Error(
      `JPEG 2000 codestream of ${bytes.length} bytes has no header.`,
    );
  }
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (view.getUint16(at) !== startOfTilePart) {
    const end = at + 2 + view.getUint16(at + 2);
    if (view.getUint16(at) !== comment) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  return toBytes(Buffer.concat(kept));
}
