/**
 * The segments by codecs of today: H.264, H.265, VP9 and AV1 by ffmpeg, with
 * one key frame, slow presets and a constant quality.
 *
 * Colours are not subsampled (4:4:4): at 64 pixels a side, halved chroma costs
 * several decibels of RGB. Only the codec's own stream counts, without a
 * container and without x264's and x265's notes on their settings.
 *
 * @module
 */
import { readFrames, runFfmpeg, type Segments } from "@/datasets/mod.ts";
import type { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { mapAtOnce } from "@/files/map_at_once.ts";
import { finiteDb, mean, psnr } from "@/metrics/mod.ts";

/** How a codec's encoder is called, and how coarse it can be. */
const codecs = {
  "H.264": {
    args: ["-c:v", "libx264", "-preset", "slow"],
    // Without its version and settings, as text.
    output: ["-bsf:v", "filter_units=remove_types=6", "-f", "h264"],
    qualities: [18, 24, 30, 36, 42, 48],
  },
  "H.265": {
    args: [
      ...["-c:v", "libx265", "-preset", "slow"],
      ...["-x265-params", "info=0:log-level=none:keyint=999"],
    ],
    output: ["-f", "hevc"],
    qualities: [18, 24, 30, 36, 42, 48],
  },
  "VP9": {
    args: ["-c:v", "libvpx-vp9", "-deadline", "good", "-cpu-used", "1"]
      .concat(["-b:v", "0"]),
    output: ["-f", "ivf"],
    qualities: [20, 30, 40, 48, 56, 63],
  },
  "AV1": {
    args: ["-c:v", "libaom-av1", "-cpu-used", "3"],
    output: ["-f", "obu"],
    qualities: [20, 30, 40, 48, 56, 63],
  },
} as const;

/** A codec of today. */
export type RivalName = keyof typeof codecs;

/** All codecs, from the oldest on. */
export const RIVALS = Object.keys(codecs) as readonly RivalName[];

/** A container's own bytes: of the file, and of each frame. */
const IVF_BYTES = { file: 32, frame: 12 };

/** One point of a codec: means over segments. */
export interface VideoPoint {
  /** Bits per pixel. */
  readonly bpp: number;
  /** PSNR of RGB in dB, over all frames of a segment. */
  readonly psnrDb: number;
}

/** A codec at one quality. */
export interface RivalPoint extends VideoPoint {
  /** Which codec. */
  readonly codec: RivalName;
  /** Its `-crf`. */
  readonly quality: number;
}

/**
 * Encodes a segment and decodes it.
 *
 * @param ffmpeg From `findFfmpeg`.
 * @param segment `[frames, side, side, 3]`, 0..255.
 * @param side Width and height of the frames in pixels, even.
 * @param codec Which codec.
 * @param quality Its `-crf`.
 * @param signal Stops it.
 * @returns The length of the stream in bytes, and the frames.
 * @throws {FfmpegError} If ffmpeg fails.
 */
export async function encodeByRival(
  ffmpeg: string,
  segment: Uint8Array,
  side: number,
  codec: RivalName,
  quality: number,
  signal?: AbortSignal,
): Promise<{ readonly bytes: number; readonly frames: Uint8Array }> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_video_" });
  const { args, output } = codecs[codec];
  try {
    await Deno.writeFile(`${folder}/raw`, segment);
    const raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", `${side}x${side}`]
      .concat(["-r", "25", "-i", `file:${folder}/raw`]);
    const how = [...args, "-pix_fmt", "yuv444p", "-crf", `${quality}`]
      .concat(["-g", "999", "-threads", "1", ...output]);
    for await (
      const _ of runFfmpeg(
        ffmpeg,
        [...raw, ...how, `file:${folder}/coded`],
        signal,
      )
    );
    const count = segment.length / (side * side * 3);
    const { size } = await Deno.stat(`${folder}/coded`);
    const container = codec === "VP9"
      ? IVF_BYTES.file + IVF_BYTES.frame * count
      : 0;
    const frames = new Uint8Array(segment.length);
    let at = 0;
    for await (
      const frame of readFrames(ffmpeg, `${folder}/coded`, side, signal)
    ) {
      if (at < frames.length) frames.set(frame, at);
      at += frame.length;
    }
    if (at === frames.length) return { bytes: size - container, frames };
    throw new Error(
      `${codec} gives ${at / (side * side * 3)} of ${count} frames.`,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * Measures a codec at all of its qualities.
 *
 * @param ffmpeg From `findFfmpeg`.
 * @param segments The test segments.
 * @param identity What decides them.
 * @param codec Which codec.
 * @param cache Measurements that were made before.
 * @param signal Stops it between two segments, or in one.
 * @returns One point for each quality.
 */
export async function measureRival(
  ffmpeg: string,
  segments: Segments,
  identity: string,
  codec: RivalName,
  cache: MeasurementCache,
  signal?: AbortSignal,
): Promise<RivalPoint[]> {
  const { side, frames, count } = segments;
  const { args, output, qualities } = codecs[codec];
  const indices = Array.from({ length: count }, (_, i) => i);
  const points: RivalPoint[] = [];
  for (const quality of qualities) {
    const found = await mapAtOnce(indices, (i) => {
      const unit = [identity, i, side, args, output, quality];
      return cache.once(unit, async () => {
        const segment = segments.view(i);
        const coded = await encodeByRival(
          ...[ffmpeg, segment, side, codec, quality, signal] as const,
        );
        const psnrDb = finiteDb(psnr(coded.frames, segment));
        return { bytes: coded.bytes, psnrDb };
      });
    });
    points.push({
      codec,
      quality,
      bpp: 8 * mean(found.map(({ bytes }) => bytes)) / (frames * side * side),
      psnrDb: mean(found.map(({ psnrDb }) => psnrDb)),
    });
  }
  return points;
}
