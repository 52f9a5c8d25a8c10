/**
 * Other formats that hold two sizes of a photo in one file: layered AVIF,
 * JPEG 2000 by resolution, and progressive JPEG XL. The first two are encoded in
 * a Python process, since no package for JavaScript writes them, and decoded
 * here. They serve measuring alone.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import {
  decodeJpeg2000Half,
  decodeJpegXlPrefix,
  jpeg2000,
  jpegXlProgressive,
} from "@/baselines/mod.ts";
import { type Contestant, other } from "@/evaluation/contestants.ts";

import { JsonProcess } from "@/files/json_process.ts";
import { type PeerPackages, peerPython } from "@/files/peer_python.ts";
import { decodePixels, halveImage, type Pixels } from "@/images/mod.ts";

/** Pillow's wheel brings libavif and OpenJPEG. */
const PACKAGES: PeerPackages = {
  folder: "rivals-venv",
  name: "Pillow",
  packages: ["pillow==13.0.0"],
};

/** Speed of libaom, as in `avif` of the baselines: sharp's effort of 6 is 9 - 6. */
const SPEED = 3;

/** What libaom can be tuned for; the better one counts. */
export const AVIF_TUNES = ["ssim", "psnr"] as const;
/** One of {@linkcode AVIF_TUNES}. */
export type AvifTune = typeof AVIF_TUNES[number];

/** Settings of a layered AVIF. */
export interface LayeredAvifSettings {
  /** What libaom is tuned for. */
  readonly tune: AvifTune;
  /** Quality of the first layer, 0 to 100. */
  readonly mediumQuality: number;
  /**
   * Quality of the second layer, 0 to 100; without it the second layer is as
   * small as it can be, which is faster and leaves the first as it is.
   */
  readonly highQuality?: number;
}

/** A layered AVIF. */
export interface LayeredAvifFile {
  /** The whole file. */
  readonly file: Uint8Array;
  /**
   * The prefix with the first layer, in boxes that decoders accept; as long as
   * the prefix itself.
   */
  readonly firstLayer: Uint8Array;
}

/** What makes and reads layered AVIF. */
export interface LayeredAvif {
  /** Key in a cache: versions and settings. */
  readonly key: string;
  /** Encodes a photo into two layers, the first of half its size, rounded up. */
  readonly encode: (
    photo: Pixels,
    settings: LayeredAvifSettings,
  ) => Promise<LayeredAvifFile>;
  /** Decodes either the whole file or its first layer. */
  readonly decode: (file: Uint8Array) => Promise<Pixels>;
}

/** A codec of whose files any prefix is an image. */
export interface ProgressiveCodec extends Contestant {
  /** Decodes a prefix to the photo at half its size, if it shows anything. */
  readonly decodePrefix: (prefix: Uint8Array) => Promise<Pixels | undefined>;
}

/** Formats that are compared with our layered file. */
export interface StorageRivals {
  /** AVIF of two layers. */
  readonly layeredAvif: LayeredAvif;
  /** JPEG 2000, whose resolutions follow each other in the file. */
  readonly jpeg2000: Contestant;
  /** JPEG XL, of whose files any prefix is an image. */
  readonly jpegXl: ProgressiveCodec;
  /** Versions of their encoders, such as of libavif. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The running encoders; dispose of them to end the process. */
export interface RunningRivals extends StorageRivals, AsyncDisposable {}

/**
 * Starts the encoders in an environment of their own.
 *
 * @param root The checkout.
 * @param onInstall Called before Pillow is installed, which takes seconds.
 * @returns The rivals.
 * @throws {UserError} If Pillow cannot be installed.
 */
export async function installRivals(
  root: string,
  onInstall: () => void,
): Promise<RunningRivals> {
  return await startRivals(await peerPython(root, PACKAGES, onInstall));
}

/**
 * Starts the encoders.
 *
 * @param python Path of a Python that has Pillow.
 * @returns The rivals.
 * @throws {Error} If they do not start, such as with another Pillow.
 */
export async function startRivals(python: string): Promise<RunningRivals> {
  const script = fileURLToPath(new URL("rivals_peer.py", import.meta.url));
  const process = new JsonProcess(python, {
    args: [script],
    env: { PYTHONDONTWRITEBYTECODE: "1" },
    stderr: "null",
  });
  const versions = await process.next() as Record<string, string> | undefined;
  if (versions === undefined) {
    await process[Symbol.asyncDispose]();
    throw new Error(
      `The encoders of layered AVIF and JPEG 2000 did not start in "${python}".`,
    );
  }
  const encode: EncodeRival = async (photo, settings) => {
    const { width, height, data } = photo;
    const rgb = new Uint8Array(data).toBase64();
    const answer = await process.ask({ width, height, rgb, ...settings }) as
      | Record<string, string>
      | undefined;
    if (answer === undefined || answer.error !== undefined) {
      const reason = answer?.error ?? "the process ended";
      throw new Error(`${settings.format} cannot be encoded: ${reason}.`);
    }
    return (name) => Uint8Array.fromBase64(answer[name]!);
  };
  return {
    versions,
    layeredAvif: layeredAvif(encode, JSON.stringify(versions)),
    jpeg2000: jpeg2000ByResolution(encode),
    jpegXl: PROGRESSIVE_JPEG_XL,
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

const PROGRESSIVE_JPEG_XL: ProgressiveCodec = {
  ...other("jpegXlProgressive", jpegXlProgressive),
  range: { low: 1, high: 99, whole: true }, // the search tries whole numbers
  decodePrefix: async (prefix) => {
    const photo = await decodeJpegXlPrefix(prefix);
    return photo && await halveImage(photo);
  },
};

/** Asks for files; the result gives each by its name. */
type EncodeRival = (
  photo: Pixels,
  settings: { readonly format: string } & Readonly<Record<string, unknown>>,
) => Promise<(name: string) => Uint8Array>;

function layeredAvif(encode: EncodeRival, versions: string): LayeredAvif {
  return {
    key: `${versions} speed ${SPEED}`,
    encode: async (photo, { tune, mediumQuality, highQuality }) => {
      const files = await encode(photo, {
        format: "avif",
        speed: SPEED,
        tune,
        layers: [
          [mediumQuality, 2],
          highQuality === undefined ? [0, 2] : [highQuality, 1],
        ],
      });
      return { file: files("file"), firstLayer: files("firstLayer") };
    },
    decode: decodePixels,
  };
}

/** Qualities of JPEG 2000 are steps of 4.4 % in bits per pixel, from 0.05 to 3.7. */
const LOWEST_BPP = 0.05;
const STEPS_PER_DOUBLING = 16;

/** Levels of the wavelet, as in `jpeg2000` of the baselines. */
const HALVINGS = 5;

function jpeg2000ByResolution(encode: EncodeRival): Contestant {
  return {
    id: "jpeg2000ByResolution",
    name: "JPEG 2000",
    qualities: [20, 40, 60, 80],
    range: { low: 1, high: 100, whole: true },
    encode: async (photo, quality) => {
      const side = Math.min(photo.width, photo.height);
      const files = await encode(photo, {
        format: "jpeg2000",
        bitsPerPixel: LOWEST_BPP * 2 ** ((quality - 1) / STEPS_PER_DOUBLING),
        halvings: Math.min(HALVINGS, Math.floor(Math.log2(side))),
      });
      return files("file");
    },
    decode: (file) => jpeg2000.decode(file),
    decodeHalf: (part) => decodeJpeg2000Half(completeJpeg2000(part)),
    halfOf: (file) => file.subarray(0, readPackets(file).halfBytes),
  };
}

const CODING_STYLE = 0xff52;
const START_OF_TILE_PART = 0xff90;
const PACKET_LENGTHS = 0xff58;
const START_OF_DATA = 0xff93;
const END_OF_CODESTREAM = [0xff, 0xd9];

/** Where packets are in a codestream of one tile, ordered by resolution. */
interface Packets {
  /** Place of the field with the tile-part's length. */
  readonly lengthAt: number;
  /** Bytes up to the end of all resolutions but the highest. */
  readonly halfBytes: number;
  /** Number of packets of the highest resolution. */
  readonly rest: number;
}

/** Reads the lengths of packets, ISO/IEC 15444-1, annex A.7.3. */
function readPackets(file: Uint8Array): Packets {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  let halvings = 0, lengthAt = 0;
  const lengths: number[] = [];
  let at = 2;
  for (
    ;
    view.getUint16(at) !== START_OF_DATA;
    at += 2 + view.getUint16(at + 2)
  ) {
    const marker = view.getUint16(at);
    if (marker === CODING_STYLE) halvings = file[at + 9]!;
    if (marker === START_OF_TILE_PART) lengthAt = at + 6;
    if (marker !== PACKET_LENGTHS) continue;
    const end = at + 2 + view.getUint16(at + 2);
    for (let i = at + 5, length = 0; i < end; i++) {
      length = length * 128 + (file[i]! & 127);
      if (file[i]! >= 128) continue;
      lengths.push(length);
      length = 0;
    }
  }
  const rest = lengths.length / (halvings + 1);
  const lower = lengths.slice(0, lengths.length - rest);
  const halfBytes = lower.reduce((sum, length) => sum + length, at + 2);
  return { lengthAt, halfBytes, rest };
}

/** Ends a prefix: the packets that it lacks become empty, a zero byte each. */
function completeJpeg2000(part: Uint8Array): Uint8Array {
  const { lengthAt, halfBytes, rest } = readPackets(part);
  const whole = new Uint8Array(halfBytes + rest + END_OF_CODESTREAM.length);
  whole.set(part.subarray(0, halfBytes));
  whole.set(END_OF_CODESTREAM, halfBytes + rest);
  const length = halfBytes + rest - (lengthAt - 6);
  new DataView(whole.buffer).setUint32(lengthAt, length);
  return whole;
}
