/**
 * The first bytes of a clip: what it holds, and where its groups of frames are.
 *
 *     magic       4  F1 6F 6E 63 ("onc")
 *     version     1  4
 *     quality     1  1..100
 *     settings    1  coarseness, 0..3
 *     model       8  first bytes of the SHA-256 of the weights
 *     clip model  8  the same of the weights for later frames, or 0
 *     width       1 to 3 ┐
 *     height      1 to 3 │
 *     rate        1 to 5 │ frames in so many seconds:
 *     seconds     1 to 5 │ LEB128
 *     frames      1 to 4 │
 *     in a group  1 to 2 ┘
 *     groups             bytes of the medium frames and of the rest of each
 *     checksum    4  CRC-32 of all bytes above
 *
 * @module
 */
import { invalid } from "@/errors/invalid.ts";
import { pushChecksum, pushVarint } from "./bytes.ts";
import { CodecError } from "./codec_error.ts";
import { crc32 } from "./crc32.ts";
import {
  checkChoices,
  checkSides,
  HEADER_PLACES,
  type HeaderKind,
  HeaderReader,
  MAX_COARSENESS,
  MODEL_ID_BYTES,
  requireWithin,
} from "./header_fields.ts";

/** The version of clips that this code writes and reads. */
export const CLIP_VERSION = 6;

/** What a clip begins with. */
const CLIP_FILE: HeaderKind = {
  name: "clip",
  noun: "clip",
  content: "clip",
  magic: [0xf1, 0x6f, 0x6e, 0x63],
  version: CLIP_VERSION,
};

/** Bytes that {@linkcode isClip} needs. */
export const CLIP_MAGIC_BYTES: number = CLIP_FILE.magic.length;

/** Maximum number of frames. */
const MAX_FRAMES = 2 ** 28 - 1;

/** Maximum number of frames in a group. */
export const MAX_GROUP_FRAMES = 1024;

/** Maximum bytes of the medium frames of a group, and of the rest. */
const MAX_PART_BYTES = 2 ** 31 - 1;

/** Where the id of the clip model is. */
const CLIP_MODEL_AT = HEADER_PLACES.model + MODEL_ID_BYTES;

/** Where the sizes begin. */
const SIZES_AT = CLIP_MODEL_AT + MODEL_ID_BYTES;

/** What all groups of a clip share. */
export interface ClipStart {
  /** The first 8 bytes of the SHA-256 of the weights that made it. */
  readonly model: Uint8Array;
  /**
   * The same of the weights that predict frames from those before them; all 0
   * if such frames only copy parts.
   */
  readonly clipModel: Uint8Array;
  /** Width of the high frames in pixels, 1..65535. */
  readonly width: number;
  /** Height of the high frames in pixels, 1..65535. */
  readonly height: number;
  /** The quality that it was encoded with, 1..100. */
  readonly quality: number;
  /** How coarse the medium frames are beside the high ones, 0..3. */
  readonly coarseness: number;
}

/** Bytes of a group of frames. */
export interface GroupBytes {
  /** Bytes of its medium frames, their checksum included. */
  readonly medium: number;
  /** Bytes of what the high frames add, their checksum included. */
  readonly rest: number;
}

/** What a clip says of itself. */
export interface ClipHeader extends ClipStart {
  /** So many frames are shown in {@linkcode ClipHeader.seconds}. */
  readonly rate: number;
  /** Seconds, a whole number; 1001 with a rate of 30000, for example. */
  readonly seconds: number;
  /** Number of frames. */
  readonly frames: number;
  /** Frames in each group but the last, which may have fewer; 1..1024. */
  readonly groupFrames: number;
  /** One for each group. */
  readonly groups: readonly GroupBytes[];
}

/** Where a group is in its clip. */
export interface GroupPlace {
  /** Its first frame, counted from 0. */
  readonly firstFrame: number;
  /** Number of its frames. */
  readonly frames: number;
  /** Its first byte. */
  readonly start: number;
  /** The first byte after its medium frames. */
  readonly mediumEnd: number;
  /** The first byte after the group. */
  readonly end: number;
}

/** A header, and where the groups that it describes are. */
export interface ParsedClip extends ClipHeader {
  /** Bytes of the header, its checksum included. */
  readonly headerBytes: number;
  /** The groups in order. */
  readonly places: readonly GroupPlace[];
  /** Bytes of the whole clip. */
  readonly fileBytes: number;
}

/**
 * The bytes of a header that come before the rate: those that all groups of a
 * clip are checked with.
 *
 * @param start What all groups share.
 * @returns At most 29 bytes.
 * @throws {CodecError} "too large" if a side is over the limit.
 * @throws {RangeError} If another number is out of its range.
 */
export function clipStartBytes(start: ClipStart): Uint8Array<ArrayBuffer> {
  const { model, clipModel, width, height, quality, coarseness } = start;
  for (const [name, { length }] of Object.entries({ model, clipModel })) {
    if (length === MODEL_ID_BYTES) continue;
    throw invalid(`${name}.length`, `${MODEL_ID_BYTES}`, length);
  }
  requireWithin("quality", quality, 1, 100);
  requireWithin("coarseness", coarseness, 0, MAX_COARSENESS);
  requireWithin("width", width, 1, Infinity);
  requireWithin("height", height, 1, Infinity);
  checkSides(CLIP_FILE, width, height);
  const bytes = [...CLIP_FILE.magic, CLIP_VERSION, quality, coarseness]
    .concat([...model, ...clipModel]);
  pushVarint(bytes, width);
  pushVarint(bytes, height);
  return Uint8Array.from(bytes);
}

/**
 * Writes a header.
 *
 * @param header What it says.
 * @returns Its bytes.
 * @throws {CodecError} "too large" if a side or a group is over the limit.
 * @throws {RangeError} If another number is out of its range.
 */
export function writeClipHeader(header: ClipHeader): Uint8Array<ArrayBuffer> {
  const { rate, seconds, frames, groupFrames, groups } = header;
  requireWithin("rate", rate, 1, 2 ** 31);
  requireWithin("seconds", seconds, 1, 2 ** 31);
  requireWithin("frames", frames, 1, MAX_FRAMES);
  requireWithin("groupFrames", groupFrames, 1, MAX_GROUP_FRAMES);
  const count = Math.ceil(frames / groupFrames);
  if (groups.length !== count) {
    throw invalid(
      "groups.length",
      `${count} for ${frames} frames`,
      groups.length,
    );
  }
  const bytes = [...clipStartBytes(header)];
  for (const value of [rate, seconds, frames, groupFrames]) {
    pushVarint(bytes, value);
  }
  for (const { medium, rest } of groups) {
    checkPart(medium);
    checkPart(rest);
    pushVarint(bytes, medium);
    pushVarint(bytes, rest);
  }
  pushChecksum(bytes, crc32(Uint8Array.from(bytes)));
  return Uint8Array.from(bytes);
}

/**
 * Reads a header.
 *
 * @param prefix The clip, or its first bytes.
 * @returns What the header says.
 * @throws {CodecError} "truncated" if the header is longer than the prefix;
 * another code if there is no header, or it is damaged.
 *
 * @example
 * ```ts
 * import { parseClipHeader, writeClipHeader } from "./clip_header.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeClipHeader({
 *   ...{ model: new Uint8Array(8), clipModel: new Uint8Array(8) },
 *   ...{ width: 640, height: 480 },
 *   ...{ quality: 50, coarseness: 1, rate: 25, seconds: 1 },
 *   ...{ frames: 15, groupFrames: 10 },
 *   groups: [{ medium: 3000, rest: 5000 }, { medium: 1500, rest: 2500 }],
 * });
 * const { headerBytes, places } = parseClipHeader(bytes);
 * assertEquals(headerBytes, bytes.length);
 * assertEquals(places[1], {
 *   ...{ firstFrame: 10, frames: 5, start: headerBytes + 8000 },
 *   ...{ mediumEnd: headerBytes + 9500, end: headerBytes + 12000 },
 * });
 * ```
 */
export function parseClipHeader(prefix: Uint8Array): ParsedClip {
  const reader = new HeaderReader(prefix, CLIP_FILE, SIZES_AT);
  const next = (name: string) => reader.next(name);
  const quality = prefix[HEADER_PLACES.quality]!;
  const coarseness = prefix[HEADER_PLACES.settings]!;
  const [width, height] = [next("width"), next("height")];
  const [rate, seconds] = [next("rate"), next("number of seconds")];
  const [frames, groupFrames] = [next("number of frames"), next("group")];
  if (frames < 1 || frames > MAX_FRAMES) throw damaged(`${frames} frames`);
  if (groupFrames < 1 || groupFrames > MAX_GROUP_FRAMES) {
    throw damaged(`${groupFrames} frames in a group`);
  }
  // Each group takes two bytes at least: no more are read than there are.
  const groups: GroupBytes[] = [];
  for (let i = 0; i * groupFrames < frames; i++) {
    groups.push({ medium: next("index"), rest: next("index") });
  }
  const headerBytes = reader.finish();
  if (width < 1 || height < 1) throw damaged(`${width}x${height} pixels`);
  checkChoices(quality, coarseness);
  if (rate < 1 || seconds < 1) {
    throw damaged(`${rate} frames in ${seconds} seconds`);
  }
  checkSides(CLIP_FILE, width, height);
  const places = placeGroups(groups, headerBytes, frames, groupFrames);
  return {
    model: prefix.slice(HEADER_PLACES.model, CLIP_MODEL_AT),
    clipModel: prefix.slice(CLIP_MODEL_AT, SIZES_AT),
    ...{ width, height, quality, coarseness, rate, seconds },
    ...{ frames, groupFrames, groups, headerBytes, places },
    fileBytes: places.at(-1)!.end,
  };
}

/**
 * Tells whether bytes are the first ones of a clip.
 *
 * @param prefix The first {@linkcode CLIP_MAGIC_BYTES} bytes of a file, or more.
 */
export function isClip(prefix: Uint8Array): boolean {
  return CLIP_FILE.magic.every((byte, i) => prefix[i] === byte);
}

/**
 * Tells whether the frames of a clip are predicted from those before them.
 *
 * @param clip What it says of itself.
 */
export function isPredicted(
  { clipModel }: Pick<ClipStart, "clipModel">,
): boolean {
  return clipModel.some((byte) => byte !== 0);
}

function placeGroups(
  groups: readonly GroupBytes[],
  headerBytes: number,
  frames: number,
  groupFrames: number,
): GroupPlace[] {
  let start = headerBytes;
  return groups.map(({ medium, rest }, i) => {
    checkPart(medium);
    checkPart(rest);
    const firstFrame = i * groupFrames;
    const place = {
      firstFrame,
      frames: Math.min(groupFrames, frames - firstFrame),
      start,
      mediumEnd: start + medium,
      end: start + medium + rest,
    };
    start = place.end;
    return place;
  });
}

function damaged(what: string): CodecError {
  return new CodecError("damaged", `The clip's header is damaged: ${what}.`);
}

function checkPart(bytes: number): void {
  if (bytes <= MAX_PART_BYTES) return;
  throw new CodecError(
    "too large",
    `A part of a group has at most ${MAX_PART_BYTES} bytes, but one has ` +
      `${bytes}.`,
  );
}
