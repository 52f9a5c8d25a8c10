/**
 * What the notebook on video says of clips as files; needs no TensorFlow.
 *
 * @module
 */
import { join } from "node:path";
import { DEFAULT_COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { makeTable, type Table } from "@/charts/table.ts";
import { decibels, percent } from "@/experiment/number_words.ts";
import { ResultError } from "@/experiment/results.ts";
import { readTextIfPresent } from "@/files/if_present.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { mean } from "@/metrics/mod.ts";
import type {
  ClipMeasurements,
  ClipWay,
  OwnClip,
  RivalClip,
} from "./clip_types.ts";
import { type RivalName, RIVALS } from "./rivals.ts";

/** Bytes at a quality. */
interface ByteCost {
  readonly bytes: number;
  readonly psnrDb: number;
}

/**
 * The bytes of a curve at a quality, between its points.
 *
 * @param points The curve; bytes are interpolated as logarithms.
 * @param psnrDb The quality.
 * @returns Bytes; null beyond its points.
 */
export function bytesAt(
  points: readonly ByteCost[],
  psnrDb: number,
): number | null {
  const sorted = points.toSorted((a, b) => a.psnrDb - b.psnrDb);
  const after = sorted.findIndex((point) => point.psnrDb >= psnrDb);
  if (after < 0) return null;
  const next = sorted[after]!, before = sorted[after - 1];
  if (before === undefined) return next.psnrDb === psnrDb ? next.bytes : null;
  const share = (psnrDb - before.psnrDb) / (next.psnrDb - before.psnrDb);
  return before.bytes ** (1 - share) * next.bytes ** share;
}

/** The mean of factors; null if there are none. */
function meanFactor(factors: readonly (number | null)[]): number | null {
  const known = factors.filter((factor) => factor !== null);
  if (known.length === 0) return null;
  return Math.exp(mean(known.map(Math.log)));
}

/** Our files of a clip whose sizes are about equally good. */
function ownFiles(
  { own }: ClipMeasurements,
  clip: string,
  way: ClipWay,
): OwnClip[] {
  return own.filter((file) =>
    file.clip === clip && file.way === way &&
    file.coarseness === DEFAULT_COARSENESS
  );
}

/**
 * The bytes of the medium frames of a clip beside those of the high ones, at
 * equal PSNR of both.
 *
 * @param measured From `measureClips`.
 * @param clip Which clip.
 * @param codec Whose files: our one, or two of another codec; the share of one
 * in the other.
 * @returns A share of 0..1; null if no quality is measured of all.
 */
export function mediumShare(
  measured: ClipMeasurements,
  clip: string,
  codec: RivalName | "ours",
): number | null {
  const files = ownFiles(measured, clip, "predicted");
  const of = (size: "high" | "medium"): ByteCost[] =>
    codec !== "ours"
      ? rivalFiles(measured, clip, codec, size)
      : files.map(({ bytes, mediumBytes, highDb, mediumDb }) =>
        size === "high"
          ? { bytes, psnrDb: highDb }
          : { bytes: mediumBytes, psnrDb: mediumDb }
      );
  const ranges = (["high", "medium"] as const).map((size) =>
    files.map((file) => size === "high" ? file.highDb : file.mediumDb)
  );
  const lowest = Math.max(...ranges.map((range) => Math.min(...range)));
  const highest = Math.min(...ranges.map((range) => Math.max(...range)));
  const middle = (lowest + highest) / 2;
  const [high, medium] = [of("high"), of("medium")]
    .map((points) => bytesAt(points, middle));
  return high === null || medium === null ? null : medium! / high!;
}

function rivalFiles(
  { rivals, side }: ClipMeasurements,
  clip: string,
  codec: RivalName,
  size: "high" | "medium",
): RivalClip[] {
  return rivals.filter((file) =>
    file.clip === clip && file.codec === codec &&
    file.side === (size === "high" ? side : side / 2)
  );
}

/**
 * The bytes of a clip beside those of its frames alone, at equal PSNR of the
 * high frames.
 *
 * @param measured From `measureClips`.
 * @param clip Which clip.
 * @returns A factor, below 1 for fewer bytes; null if no quality is shared.
 */
export function besideAlone(
  measured: ClipMeasurements,
  clip: string,
): number | null {
  const alone = ownFiles(measured, clip, "alone")
    .map(({ bytes, highDb }) => ({ bytes, psnrDb: highDb }));
  return meanFactor(
    ownFiles(measured, clip, "predicted").map(({ bytes, highDb }) => {
      const other = bytesAt(alone, highDb);
      return other && bytes / other;
    }),
  );
}

/**
 * The bytes of a clip beside those of another codec, at equal PSNR.
 *
 * @param measured From `measureClips`.
 * @param clip Which clip.
 * @param codec Which codec.
 * @param files One file of the high frames, or two, of both sizes.
 * @returns A factor, below 1 for fewer bytes; null if no quality is shared.
 */
export function besideRival(
  measured: ClipMeasurements,
  clip: string,
  codec: RivalName,
  files: "one" | "two",
): number | null {
  const of = (size: "high" | "medium") =>
    rivalFiles(measured, clip, codec, size);
  return meanFactor(
    ownFiles(measured, clip, "predicted").map(({ bytes, highDb, mediumDb }) => {
      const high = bytesAt(of("high"), highDb);
      const medium = files === "one" ? 0 : bytesAt(of("medium"), mediumDb);
      return high === null || medium === null ? null : bytes / (high + medium);
    }),
  );
}

/**
 * What coding frames given the frame before saves, clip by clip.
 *
 * @param measured From `measureClips`.
 */
export function clipsTable(measured: ClipMeasurements): Table {
  const change = (factor: number | null) =>
    factor === null ? null : 100 * (factor - 1);
  return makeTable(
    "Extra bytes over every frame coded alone, at equal PSNR (%)",
    measured.clips,
    [
      ["Clip", (clip) => clip],
      [
        "Predicted",
        (clip) => change(besideAlone(measured, clip)),
        0,
      ],
    ],
  );
}

/**
 * Where our files stand beside other codecs, clip by clip.
 *
 * @param measured From `measureClips`.
 */
export function clipRivalsTable(measured: ClipMeasurements): Table {
  return makeTable(
    "Our bytes as a multiple of theirs, at equal PSNR",
    measured.clips,
    [
      ["Clip", (clip) => clip],
      ...RIVALS.flatMap((codec) =>
        (["one", "two"] as const).map((files) =>
          [
            `${codec}, ${files === "one" ? "one size" : "both"}`,
            (clip: string) => besideRival(measured, clip, codec, files),
            1,
          ] as const
        )
      ),
    ],
  );
}

/**
 * Says what files of clips take, and how fast they are.
 *
 * @param measured From `measureClips`.
 * @returns Markdown.
 */
export function describeClips(measured: ClipMeasurements): string {
  const { side, frames, clips, own, speed, memory } = measured;
  const factor = meanFactor(
    clips.map((clip) => besideAlone(measured, clip)),
  );
  const predicted = own.filter(({ way }) => way === "predicted");
  const isEqual = ({ coarseness }: OwnClip) =>
    coarseness === DEFAULT_COARSENESS;
  const equal = sizesOf(predicted.filter(isEqual));
  const coarser = sizesOf(predicted.filter((file) => !isEqual(file)));
  const sharesOf = (codec: RivalName | "ours") => {
    const share = meanFactor(
      clips.map((clip) => mediumShare(measured, clip, codec)),
    );
    return share === null ? "an unknown share" : percent(share);
  };
  const multiples = (files: "one" | "two") =>
    RIVALS.map((codec) => {
      const factor = meanFactor(
        clips.map((clip) => besideRival(measured, clip, codec, files)),
      );
      return factor === null
        ? `an unknown multiple of those of ${codec}`
        : `${factor.toFixed(1)} times those of ${codec}`;
    }).join(", ");
  return `${clips.length} clips, ${frames} frames of ${side} × ${side} pixels
each, in one group. Frames that are coded given the frame before take
${
    factor === null
      ? "an unknown share"
      : `${percent(Math.abs(1 - factor))} ${factor < 1 ? "fewer" : "more"}`
  } bytes than frames that are coded alone, at equal PSNR.

The medium frames have ${equal.share} of the bytes of a file. Their PSNR is
${equal.medium}, and that of the high frames ${equal.high}; at equal PSNR
they would have ${
    sharesOf("ours")
  }. Half the size is not half the bytes: by other
codecs, a file of the medium frames has this share of the bytes of a file of the
high ones at the same PSNR: ${
    RIVALS.map((codec) => `${sharesOf(codec)} by ${codec}`).join(", ")
  }. With a coarser first layer, the medium frames have ${coarser.share} of the
bytes, a PSNR of ${coarser.medium}, and the high ones ${coarser.high}.

For the high clip alone our bytes are ${multiples("one")}. For both sizes, of
which the others need two files, they are ${multiples("two")}.

A clip is decoded at ${speed.highFps.toFixed(1)} frames a second, its medium
frames at ${speed.mediumFps.toFixed(1)}, and encoded at
${speed.encodedFps.toFixed(1)}. ${
    speed.browser === undefined
      ? ""
      : `In ${speed.browser.browser}, on ${speed.browser.backend}, it is
decoded at ${speed.browser.highFps.toFixed(1)} and ${
        speed.browser.mediumFps.toFixed(1)
      }. `
  }Decoding holds one group of bytes and one frame, so
memory does not grow with the clip: the process has at most ${
    memory.map(({ frames, peakMiB }) =>
      `${peakMiB.toFixed(0)} MiB for ${frames} frames`
    ).join(" and ")
  }.`;
}

/** Means over files: the medium frames' share of the bytes, and both PSNRs. */
function sizesOf(
  files: readonly OwnClip[],
): Readonly<Record<"share" | "medium" | "high", string>> {
  const of = (value: (file: OwnClip) => number) => mean(files.map(value));
  return {
    share: percent(of(({ bytes, mediumBytes }) => mediumBytes / bytes)),
    medium: decibels(of(({ mediumDb }) => mediumDb)),
    high: decibels(of(({ highDb }) => highDb)),
  };
}

/**
 * Reads what was measured.
 *
 * @param folder Such as `results/codec`; the published one by default.
 * @returns The measurements.
 * @throws {ResultError} If they are missing.
 */
export async function readClips(
  folder: string = join(PROJECT_ROOT, "results/codec"),
): Promise<ClipMeasurements> {
  const path = `${folder}/clips.json`;
  const text = await readTextIfPresent(path);
  if (text !== undefined) return JSON.parse(text);
  throw new ResultError(
    `"${path}" is missing: run \`deno task measure clips\`.`,
  );
}
