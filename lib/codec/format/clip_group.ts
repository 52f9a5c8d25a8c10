/**
 * A group of frames: first all medium frames, then what the high ones add.
 *
 *     ┌─────────┬──────────────────────────────────┬───┬───────────────────┬───┐
 *     │ repeats │ layers 0 and 1 of frame 0, 1, …  │ ✓ │ layer 2 of each   │ ✓ │
 *     └─────────┴──────────────────────────────────┴───┴───────────────────┴───┘
 *     ◀──────────────────── medium frames ─────────────▶
 *     ◀──────────────────────────── high frames ───────────────────────────────▶
 *
 * A bit for each frame tells whether it repeats the one before; layers are those
 * of the other frames, and have their lengths in front, as the streams of tiles
 * have.
 *
 * A checksum is the CRC-32 of the first bytes of the clip's header, up to the
 * height, of the group's number as LEB128, and of all bytes of the group before
 * it except for the other checksum: so it also detects a group of another clip,
 * or one in another's place.
 *
 * @module
 */
import { joinBytes, pushChecksum, pushVarint, readChecksum } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";
import { CHECKSUM_BYTES } from "./header_fields.ts";
import { joinStreams, splitStreams } from "./tile_streams.ts";

/** Where a group belongs. */
export interface GroupIdentity {
  /** From `clipStartBytes`. */
  readonly clip: Uint8Array;
  /** The group's number, from 0. */
  readonly index: number;
}

/** The layers of a frame: thumbnail, medium, high. */
export type FrameLayers = readonly [Uint8Array, Uint8Array, Uint8Array];

/**
 * Puts a group together.
 *
 * @param identity Where it belongs.
 * @param frames The layers of its frames, at least one; none for a frame that
 * repeats the one before, which the first one does not.
 * @returns The bytes of its medium frames, and those of the rest.
 */
export function writeGroup(
  identity: GroupIdentity,
  frames: readonly (FrameLayers | undefined)[],
): readonly [medium: Uint8Array<ArrayBuffer>, rest: Uint8Array<ArrayBuffer>] {
  const repeats = new Uint8Array(repeatBytes(frames.length));
  frames.forEach((layers, i) => {
    if (layers === undefined) repeats[i >> 3]! |= 1 << (i & 7);
  });
  const coded = frames.filter((layers) => layers !== undefined);
  const streams = joinStreams(
    coded.flatMap(([start, first]) => [start, first]),
  );
  const medium = joinBytes([repeats, streams]);
  const rest = joinStreams(coded.map(([, , second]) => second));
  const sum = crc32(medium, identityChecksum(identity));
  return [
    withChecksum(medium, sum),
    withChecksum(rest, crc32(rest, sum)),
  ];
}

/** What was read from a group. */
export interface Group {
  /**
   * The layers of each frame: two, or three where the rest is there; none for a
   * frame that repeats the one before.
   */
  readonly frames: readonly (readonly Uint8Array[] | undefined)[];
  /** What follows the medium frames: the rest, nothing, or damage. */
  readonly restIs: "complete" | "cut" | "damaged";
}

/**
 * Takes a group apart and checks it, without copying its layers.
 *
 * @param identity Where it belongs.
 * @param frames Number of its frames.
 * @param medium The bytes of its medium frames.
 * @param rest The bytes of the rest; none if they are not wanted, or missing.
 * @returns The layers.
 * @throws {CodecError} "damaged" if the medium frames are.
 */
export function readGroup(
  identity: GroupIdentity,
  frames: number,
  medium: Uint8Array,
  rest?: Uint8Array,
): Group {
  const before = identityChecksum(identity);
  const first = checked(medium, before);
  if (first === undefined) {
    throw new CodecError(
      "damaged",
      `The checksum of group ${identity.index} is wrong.`,
    );
  }
  const isRepeat = readRepeats(first, frames);
  const count = isRepeat.filter((one) => !one).length;
  const layers = splitStreams(first.subarray(repeatBytes(frames)), 2 * count);
  const group = (
    restIs: Group["restIs"],
    added: readonly Uint8Array[] = [],
  ) => {
    let at = 0;
    const ofFrames = isRepeat.map((one) => {
      if (one) return undefined;
      const own = layers.slice(2 * at, 2 * at + 2);
      return [...own, ...added.slice(at, ++at)];
    });
    return { frames: ofFrames, restIs };
  };
  if (rest === undefined) return group("cut");
  try {
    const second = checked(rest, crc32(first, before));
    if (second !== undefined) {
      return group("complete", splitStreams(second, count));
    }
  } catch (error) {
    if (!(error instanceof CodecError)) throw error;
  }
  return group("damaged");
}

function repeatBytes(frames: number): number {
  return Math.ceil(frames / 8);
}

function readRepeats(bytes: Uint8Array, frames: number): boolean[] {
  const bits = Array.from(
    { length: 8 * repeatBytes(frames) },
    (_, i) => ((bytes[i >> 3] ?? 0) >> (i & 7) & 1) === 1,
  );
  if (bits[0] || bits.slice(frames).includes(true)) {
    throw new CodecError(
      "damaged",
      "A group repeats a frame that is not there.",
    );
  }
  return bits.slice(0, frames);
}

/** The bytes before a checksum, if that is right. */
function checked(bytes: Uint8Array, before: number): Uint8Array | undefined {
  const end = bytes.length - CHECKSUM_BYTES;
  if (end < 0) return undefined;
  const content = bytes.subarray(0, end);
  return readChecksum(bytes, end) === crc32(content, before)
    ? content
    : undefined;
}

function identityChecksum({ clip, index }: GroupIdentity): number {
  const number: number[] = [];
  pushVarint(number, index);
  return crc32(Uint8Array.from(number), crc32(clip));
}

function withChecksum(
  content: Uint8Array,
  sum: number,
): Uint8Array<ArrayBuffer> {
  const checksum: number[] = [];
  pushChecksum(checksum, sum);
  return joinBytes([content, checksum]);
}
