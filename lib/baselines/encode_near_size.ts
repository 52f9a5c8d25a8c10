/**
 * Files of a wanted size.
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import type { Pixels } from "@/images/mod.ts";
import type { Codec, QualityRange } from "./codec.ts";

/** The file of a codec that is nearest to a wanted size. */
export interface NearSize {
  /** The codec's quality that gave the file. */
  readonly quality: number;
  /** The file. */
  readonly bytes: Uint8Array;
  /**
   * `"within"` if the wanted size is between the codec's smallest and
   * largest file of this image; `"below"` or `"above"` if it is out of reach,
   * in which case the file is the smallest or the largest.
   */
  readonly reach: "below" | "within" | "above";
}

/** How {@linkcode encodeNearSize} searches. */
export interface NearSizeOptions {
  /**
   * A quality near the one that is sought, such as that of a similar image, if
   * qualities are whole: it saves files. The middle of the range by default.
   */
  readonly start?: number | undefined;
  /**
   * A file whose size is off by at most this share is near enough, if qualities
   * are whole: it saves files. 0 by default.
   */
  readonly tolerance?: number;
}

/** Halvings of a quality that is not whole; more make no difference. */
const halvings = 16;

/**
 * Encodes an image so that the file is as near as possible to a wanted size.
 *
 * Searches the qualities, assuming that a better one gives no smaller file, and
 * keeps the nearest file found; of two equally near ones the smaller. Codecs
 * with whole qualities may miss by several percent.
 *
 * @example
 * ```ts
 * import { encodeNearSize, jpeg } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => i % 251);
 * const photo = { width: 64, height: 64, data };
 * const { reach } = await encodeNearSize(jpeg, photo, 20);
 * assertEquals(reach, "below"); // no JPEG file is that small
 * ```
 *
 * @param codec Any {@linkcode Codec}
 * @param pixels The image
 * @param bytes Wanted size of the file in bytes, positive
 * @param options Where to start, and what is near enough
 * @returns The file, its quality, and whether the size is within reach
 * @throws {RangeError} If the wanted size is not a positive number
 */
export async function encodeNearSize(
  codec: Codec,
  pixels: Pixels,
  bytes: number,
  options: NearSizeOptions = {},
): Promise<NearSize> {
  const { low, high, whole } = codec.range;
  const { start = (low + high) / 2, tolerance = 0 } = options;
  if (!(bytes > 0 && bytes < Infinity)) {
    throw invalid("bytes", "positive", bytes);
  }
  const encode = async (quality: number): Promise<CodedFile> => ({
    quality,
    bytes: await codec.encode(pixels, quality),
  });
  return whole
    ? await nearestWhole(encode, codec.range, bytes, { start, tolerance })
    : await nearest(encode, codec.range, bytes);
}

type CodedFile = Omit<NearSize, "reach">;
type Encode = (quality: number) => Promise<CodedFile>;

/**
 * Searches whole qualities. Files of a high quality take long and are seldom
 * needed, so each guess is made from the sizes of the files so far, until
 * neighbouring qualities enclose the wanted size.
 */
async function nearestWhole(
  encode: Encode,
  range: QualityRange,
  bytes: number,
  { start, tolerance }: { readonly start: number; readonly tolerance: number },
): Promise<NearSize> {
  let low: CodedFile | undefined, high: CodedFile | undefined;
  let [first, last] = [range.low, range.high];
  for (let guesses = 0; first <= last; guesses++) {
    const guess = guesses < MAX_GUESSES
      ? guessQuality(low, high, bytes) ?? start
      : (first + last) / 2;
    const file = await encode(
      Math.min(last, Math.max(first, Math.floor(guess))),
    );
    if (file.bytes.length <= bytes) {
      low = file;
      first = file.quality + 1;
    } else {
      high = file;
      last = file.quality - 1;
    }
    if (Math.abs(file.bytes.length - bytes) <= tolerance * bytes) {
      return { ...file, reach: "within" };
    }
  }
  if (low === undefined) return { ...high!, reach: "below" };
  const miss = bytes - low.bytes.length;
  if (high === undefined) {
    return { ...low, reach: miss === 0 ? "within" : "above" };
  }
  const best = high.bytes.length - bytes < miss ? high : low;
  return { ...best, reach: "within" };
}

/** Guesses after which whole qualities are halved. */
const MAX_GUESSES = 5;
/** Typical growth of the logarithm of a size with one step of quality. */
const GROWTH = 0.03;

/** The quality with a wanted size, by the logarithms of known sizes. */
function guessQuality(
  low: CodedFile | undefined,
  high: CodedFile | undefined,
  bytes: number,
): number | undefined {
  const from = low ?? high;
  if (from === undefined) return undefined;
  const logOf = (file: CodedFile) => Math.log(file.bytes.length);
  const growth = low === undefined || high === undefined
    ? GROWTH
    : (logOf(high) - logOf(low)) / (high.quality - low.quality);
  return from.quality + (Math.log(bytes) - logOf(from)) / growth;
}

/** Halves a range of qualities that need not be whole. */
async function nearest(
  encode: Encode,
  range: QualityRange,
  bytes: number,
): Promise<NearSize> {
  let [low, high] = [await encode(range.low), await encode(range.high)];
  if (bytes < low.bytes.length) return { ...low, reach: "below" };
  if (bytes > high.bytes.length) return { ...high, reach: "above" };
  const miss = (file: CodedFile): number => Math.abs(file.bytes.length - bytes);
  let best = miss(low) <= miss(high) ? low : high;
  for (let i = 0; i < halvings && miss(best) > 0; i++) {
    const quality = (low.quality + high.quality) / 2;
    if (quality === low.quality) break;
    const file = await encode(quality);
    const closer = miss(file) - miss(best);
    if (closer < 0 || (closer === 0 && file.bytes.length < bytes)) best = file;
    if (file.bytes.length <= bytes) low = file;
    else high = file;
  }
  return { ...best, reach: "within" };
}
