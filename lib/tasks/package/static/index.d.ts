/**
 * Photos to files that hold three sizes, and back.
 *
 * @module
 */

/** A photo in memory: 8-bit sRGB, row by row, top row first. */
interface Pixels {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height * 3` values, 0..255: red, green, blue. */
  readonly data: Uint8Array;
}

/** Pixels as canvases have them, with an alpha channel, which is ignored. */
interface CanvasPixels {
  /** Pixels in a row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** `width * height * 4` values, 0..255. */
  readonly data: Uint8ClampedArray;
}

/** Qualities of the medium image beside that of the high one. */
type MediumQuality = "higher" | "equal" | "lower" | "lowest";

/** Options of `encode`. */
interface EncodeOptions {
  /** 1 (smallest file) to 100 (best image); 50 by default. */
  readonly quality?: number;
  /** Maximum bits per pixel of the file, instead of a quality. */
  readonly bitsPerPixel?: number;
  /** Quality of the medium image beside that of the high one. */
  readonly mediumQuality?: MediumQuality;
  /** Ends the work with its reason. */
  readonly signal?: AbortSignal;
}

/** Options of `decode` and its like. */
interface DecodeOptions {
  /** Ends the work with its reason. */
  readonly signal?: AbortSignal;
}

/** What a file says of itself. */
interface FileInfo {
  /** Width of the high image in pixels. */
  readonly width: number;
  /** Height of the high image in pixels. */
  readonly height: number;
  /** The quality that it was encoded with, 1..100. */
  readonly quality: number;
  /** Quality of the medium image beside that of the high one. */
  readonly mediumQuality: MediumQuality;
  /** The effort that it was encoded with, 0..10. */
  readonly effort: number;
  /** Id of the weights that made it, hexadecimal. */
  readonly model: string;
  /** Bytes from the start that make the thumbnail, 1/32 as wide and high. */
  readonly thumbnailBytes: number;
  /** Bytes from the start that make the medium image, half as wide and high. */
  readonly mediumBytes: number;
  /** Bytes of the whole file. */
  readonly fileBytes: number;
  /** The largest image that is there, and whole. */
  readonly holds: "nothing" | "thumbnail" | "medium" | "high";
  /** Whether the file ends early, or a checksum is wrong. */
  readonly restIs: "complete" | "cut" | "damaged";
}

/** What is wrong with a file; errors of this kind have the name `CodecError`. */
interface CodecError extends Error {
  /** Always `"CodecError"`. */
  readonly name: "CodecError";
  /** For programs; the message is for readers. */
  readonly code:
    | "not a onecode file"
    | "unsupported version"
    | "wrong model"
    | "damaged"
    | "truncated"
    | "too large";
}

/**
 * Sets the weights; by default they are those of the package.
 *
 * @param file The file of weights, or its address.
 */
export declare function setWeights(file: Uint8Array | string | URL): void;

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
export declare function encode(
  photo: Pixels | CanvasPixels | Uint8Array,
  options?: EncodeOptions,
): Promise<Uint8Array<ArrayBuffer>>;

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
export declare function decode(
  file: Uint8Array,
  options?: DecodeOptions,
): Promise<Pixels>;

/**
 * Decodes the medium image, half as wide and high.
 *
 * @param file The file, or its first `mediumBytes`.
 * @param options How it is decoded.
 * @returns Its pixels.
 * @throws {Error} As `decode` does.
 */
export declare function decodeMedium(
  file: Uint8Array,
  options?: DecodeOptions,
): Promise<Pixels>;

/**
 * Decodes the thumbnail, 1/32 as wide and high.
 *
 * @param file The file, or its first `thumbnailBytes`.
 * @param options How it is decoded.
 * @returns Its pixels.
 * @throws {Error} As `decode` does.
 */
export declare function decodeThumbnail(
  file: Uint8Array,
  options?: DecodeOptions,
): Promise<Pixels>;

/**
 * Tells what a file holds, without decoding it.
 *
 * @param file The file, or a part of it from its start, at least the header.
 * @returns What it says of itself, and what of it is there.
 * @throws {Error} With the name `CodecError` if there is no header, or the
 * thumbnail is damaged.
 */
export declare function inspect(file: Uint8Array): FileInfo;

/**
 * Tells how many bytes from the start make the medium image: what to request as
 * `bytes=0-(k-1)`, and to continue as `bytes=k-`.
 *
 * @param prefix The file, or at least its first 37 bytes.
 * @returns The number of bytes, k.
 * @throws {Error} With the name `CodecError` if there is no header.
 */
export declare function mediumBytes(prefix: Uint8Array): number;

export type {
  CanvasPixels,
  CodecError,
  DecodeOptions,
  EncodeOptions,
  FileInfo,
  MediumQuality,
  Pixels,
};
