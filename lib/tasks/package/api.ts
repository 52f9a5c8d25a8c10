/**
 * What the npm package `onecode` exports: photos to files and back. Its types are
 * those of `static/index.d.ts`, which a test compares with this.
 *
 * @module
 */
import {
  decodeImage,
  encodeImage,
  encodeNear,
  type LoadedModel,
  loadModel,
  parseHeader,
  readContainer,
  readWeights,
} from "@/codec/mod.ts";
import { withoutAlpha } from "@/images/pixels.ts";
import type {
  CanvasPixels,
  DecodeOptions,
  EncodeOptions,
  FileInfo,
  MediumQuality,
  Pixels,
} from "./static/index.d.ts";
import { prepareWasm, readPhotoFile, takeWeights } from "./host.ts";

const MEDIUM_QUALITIES: readonly MediumQuality[] = [
  ...["higher", "equal", "lower", "lowest"] as const,
];

let weights: Uint8Array | string | undefined;
let loaded: Promise<LoadedModel> | undefined;

/**
 * Sets the weights; by default they are those of the package.
 *
 * @param file The file of weights, or its address.
 */
export function setWeights(file: Uint8Array | string | URL): void {
  weights = file instanceof URL ? file.href : file;
  const before = loaded;
  loaded = undefined;
  before?.then((model) => model.dispose(), () => {});
}

function model(): Promise<LoadedModel> {
  loaded ??= load().catch((error) => {
    loaded = undefined; // the next call tries again
    throw error;
  });
  return loaded;
}

async function load(): Promise<LoadedModel> {
  await prepareWasm();
  const file = weights instanceof Uint8Array
    ? weights
    : await takeWeights(weights);
  return loadModel(readWeights(file));
}

/** Calls wait for one another: the backend's state is shared. */
let last: Promise<unknown> = Promise.resolve();

function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const turn = last.then(work, work);
  last = turn.catch(() => {});
  return turn;
}

/**
 * Encodes a photo.
 *
 * @param photo Its pixels; or, where `sharp` is installed, a JPEG, PNG, WebP,
 * AVIF or TIFF file.
 * @param options How it is encoded.
 * @returns The file.
 * @throws {RangeError} If an option or the photo is invalid.
 * @throws {Error} With the name `CodecError` if the photo is too large.
 */
export async function encode(
  photo: Pixels | CanvasPixels | Uint8Array,
  options: EncodeOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const { quality, bitsPerPixel, mediumQuality, signal } = options;
  const coarseness = mediumQuality === undefined
    ? undefined
    : MEDIUM_QUALITIES.indexOf(mediumQuality);
  if (coarseness === -1) {
    throw new RangeError(
      `mediumQuality must be one of ${MEDIUM_QUALITIES.join(", ")}, ` +
        `got "${mediumQuality}".`,
    );
  }
  if (quality !== undefined && bitsPerPixel !== undefined) {
    throw new RangeError("Give either quality or bitsPerPixel, not both.");
  }
  const pixels = await toPixels(photo);
  return await inTurn(async () => {
    const codec = await model();
    if (bitsPerPixel !== undefined) {
      const choices = { coarseness, signal };
      return (await encodeNear(codec, pixels, bitsPerPixel, choices)).bytes;
    }
    return await encodeImage(codec, pixels, {
      ...quality !== undefined && { quality },
      ...{ coarseness, signal },
    });
  });
}

async function toPixels(
  photo: Pixels | CanvasPixels | Uint8Array,
): Promise<Pixels> {
  if (photo instanceof Uint8Array) return await readPhotoFile(photo);
  const { width, height, data } = photo;
  return data.length === 4 * width * height
    ? { width, height, data: withoutAlpha(data) }
    : photo as Pixels;
}

/**
 * Decodes the high image. Of a file that ends early, or whose last layer is
 * damaged, the largest image that is there.
 *
 * @param file The file.
 * @param options How it is decoded.
 * @returns Its pixels.
 * @throws {Error} With the name `CodecError`, and `code` for what is wrong, if
 * not even the thumbnail can be decoded.
 */
export function decode(
  file: Uint8Array,
  options: DecodeOptions = {},
): Promise<Pixels> {
  return decodeSize(file, "high", options);
}

/**
 * Decodes the medium image, half as wide and high.
 *
 * @param file The file, or its first `mediumBytes`.
 * @param options How it is decoded.
 * @returns Its pixels.
 * @throws {Error} As {@linkcode decode} does.
 */
export function decodeMedium(
  file: Uint8Array,
  options: DecodeOptions = {},
): Promise<Pixels> {
  return decodeSize(file, "medium", options);
}

/**
 * Decodes the thumbnail, 1/32 as wide and high.
 *
 * @param file The file, or its first `thumbnailBytes`.
 * @param options How it is decoded.
 * @returns Its pixels.
 * @throws {Error} As {@linkcode decode} does.
 */
export function decodeThumbnail(
  file: Uint8Array,
  options: DecodeOptions = {},
): Promise<Pixels> {
  return decodeSize(file, "thumbnail", options);
}

function decodeSize(
  file: Uint8Array,
  size: "thumbnail" | "medium" | "high",
  { signal }: DecodeOptions,
): Promise<Pixels> {
  return inTurn(async () => {
    const decoded = await decodeImage(await model(), file, { size, signal });
    return (decoded.high ?? decoded.medium ?? decoded.thumbnail)!;
  });
}

/**
 * Tells what a file holds, without decoding it.
 *
 * @param file The file, or a part of it from its start, at least the header.
 * @returns What it says of itself, and what of it is there.
 * @throws {Error} With the name `CodecError` if there is no header, or the
 * thumbnail is damaged.
 */
export function inspect(file: Uint8Array): FileInfo {
  const header = parseHeader(file);
  const { thumbnailBytes, mediumBytes, fileBytes } = header;
  const read = file.length < thumbnailBytes
    ? { layers: [], restIs: "cut" as const }
    : readContainer(file);
  const holds = ["nothing", "thumbnail", "medium", "high"] as const;
  return {
    ...{ width: header.width, height: header.height },
    ...{ quality: header.quality, effort: header.effort },
    mediumQuality: MEDIUM_QUALITIES[header.coarseness]!,
    model: Array.from(
      header.model,
      (byte) => byte.toString(16).padStart(2, "0"),
    ).join(""),
    ...{ thumbnailBytes, mediumBytes, fileBytes },
    holds: holds[read.layers.length]!,
    restIs: read.restIs,
  };
}

/**
 * Tells how many bytes from the start make the medium image: what to request as
 * `bytes=0-(k-1)`, and to continue as `bytes=k-`.
 *
 * @param prefix The file, or at least its first 37 bytes.
 * @returns The number of bytes, k.
 * @throws {Error} With the name `CodecError` if there is no header.
 */
export function mediumBytes(prefix: Uint8Array): number {
  return parseHeader(prefix).mediumBytes;
}
