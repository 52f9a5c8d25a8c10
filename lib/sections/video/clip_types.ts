/**
 * Types of what was measured of clips as files; `results/codec/clips.json`.
 *
 * @module
 */
import type { CodecOrigin } from "@/evaluation/types.ts";
import type { RivalName } from "./rivals.ts";

/** How frames after the first of a group are coded. */
export type ClipWay = "alone" | "predicted";

/** One of our files of a clip. */
export interface OwnClip {
  /** Name of the clip. */
  readonly clip: string;
  /** How its frames are coded. */
  readonly way: ClipWay;
  /** 1..100. */
  readonly quality: number;
  /** Place in `COARSENESS`. */
  readonly coarseness: number;
  /** Bytes of the whole file for each frame. */
  readonly bytes: number;
  /** Bytes of these that are the medium frames. */
  readonly mediumBytes: number;
  /** PSNR of the high frames in dB, over 8-bit RGB; mean over frames. */
  readonly highDb: number;
  /** PSNR of the medium frames in dB. */
  readonly mediumDb: number;
}

/** A clip by another codec, at one size. */
export interface RivalClip {
  /** Name of the clip. */
  readonly clip: string;
  /** Which codec. */
  readonly codec: RivalName;
  /** Its `-crf`. */
  readonly quality: number;
  /** Width and height in pixels. */
  readonly side: number;
  /** Bytes of the stream for each frame. */
  readonly bytes: number;
  /** PSNR in dB, over 8-bit RGB. */
  readonly psnrDb: number;
}

/** How fast a clip is decoded in a browser. */
export interface BrowserClipSpeed {
  /** Its name and version. */
  readonly browser: string;
  /** The backend of TensorFlow.js. */
  readonly backend: string;
  /** High frames in a second. */
  readonly highFps: number;
  /** Medium frames in a second. */
  readonly mediumFps: number;
}

/** How fast a clip is decoded. */
export interface ClipSpeed {
  /** Which clip. */
  readonly clip: string;
  /** Its quality. */
  readonly quality: number;
  /** High frames in a second. */
  readonly highFps: number;
  /** Medium frames in a second. */
  readonly mediumFps: number;
  /** Frames that are encoded in a second. */
  readonly encodedFps: number;
  /** The same clip in a browser, if there is one. */
  readonly browser?: BrowserClipSpeed;
}

/** Memory of the process while a clip is decoded. */
export interface ClipMemory {
  /** Number of frames, all of which are decoded. */
  readonly frames: number;
  /** The most that it took, in MiB. */
  readonly peakMiB: number;
}

/** What was measured. */
export interface ClipMeasurements extends CodecOrigin {
  /** Id of the clip model, 16 hexadecimal digits. */
  readonly clipModel: string;
  /** Width and height of the high frames in pixels. */
  readonly side: number;
  /** Frames of each clip, one group. */
  readonly frames: number;
  /** Names of the clips. */
  readonly clips: readonly string[];
  /** Our files. */
  readonly own: readonly OwnClip[];
  /** Those of other codecs. */
  readonly rivals: readonly RivalClip[];
  /** Times on this machine. */
  readonly speed: ClipSpeed;
  /** Of a short clip and then of a long one, in the same process. */
  readonly memory: readonly ClipMemory[];
}
