/** What is said of measured clips, against values computed by hand. */
import {
  besideAlone,
  besideRival,
  bytesAt,
  clipRivalsTable,
  clipsTable,
  describeClips,
  mediumShare,
} from "@/sections/video/clip_report.ts";
import type { ClipMeasurements } from "@/sections/video/clip_types.ts";
import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";

const own = (
  way: "alone" | "predicted",
  bytes: number,
  highDb: number,
  coarseness = 1,
) => ({
  ...{ clip: "a.mp4", way, quality: 45, coarseness, bytes, highDb },
  ...{ mediumBytes: bytes / 4, mediumDb: highDb + 1 },
});

const rival = (side: number, bytes: number, psnrDb: number) =>
  ({
    ...{ clip: "a.mp4", codec: "H.264", quality: 30, side, bytes, psnrDb },
  }) as const;

const measured = {
  ...{ side: 344, frames: 24, clips: ["a.mp4"] },
  own: [
    ...[own("alone", 1000, 30), own("alone", 4000, 34)],
    ...[own("predicted", 500, 30), own("predicted", 2000, 34)],
    own("predicted", 900, 31, 2),
  ],
  rivals: [
    ...[rival(344, 250, 30), rival(344, 1000, 34)],
    ...[rival(172, 100, 31), rival(172, 400, 35)],
  ],
  speed: {
    ...{ clip: "a.mp4", quality: 45, highFps: 5, mediumFps: 12 },
    encodedFps: 1,
  },
  memory: [{ frames: 24, peakMiB: 700 }, { frames: 192, peakMiB: 710 }],
} as unknown as ClipMeasurements;

Deno.test("bytes between two points are their geometric mean", () => {
  const points = [{ bytes: 400, psnrDb: 34 }, { bytes: 100, psnrDb: 30 }];
  assertAlmostEquals(bytesAt(points, 32)!, 200, 1e-9);
  assertEquals([30, 34].map((db) => bytesAt(points, db)), [100, 400]);
  assertEquals([29.9, 34.1].map((db) => bytesAt(points, db)), [null, null]);
});

Deno.test("clips are compared at equal quality", () => {
  assertAlmostEquals(besideAlone(measured, "a.mp4")!, 0.5, 1e-9);
  const beside = (files: "one" | "two") =>
    besideRival(measured, "a.mp4", "H.264", files)!;
  assertAlmostEquals(beside("one"), 2, 1e-9);
  assertAlmostEquals(beside("two"), 500 / 350, 1e-9);
  assertEquals(besideRival(measured, "a.mp4", "AV1", "one"), null);
  assertEquals(clipsTable(measured).rows, [["a.mp4", -50]]);
  assertEquals(clipRivalsTable(measured).rows[0]!.slice(0, 2), ["a.mp4", 2]);
});

Deno.test("medium frames are compared with high ones at equal quality", () => {
  // At 32.5 dB, in the middle of what both sizes of ours have.
  const step = 4 ** (1 / 4);
  const ours = (500 / 4) * step ** 1.5 / (500 * step ** 2.5);
  assertAlmostEquals(mediumShare(measured, "a.mp4", "ours")!, ours, 1e-9);
  const rivals = 100 * step ** 1.5 / (250 * step ** 2.5);
  assertAlmostEquals(mediumShare(measured, "a.mp4", "H.264")!, rivals, 1e-9);
  assertEquals(mediumShare(measured, "a.mp4", "AV1"), null);
});

Deno.test("the words say by how much others win", () => {
  const words = describeClips(measured);
  assertMatch(words, /\n50 % fewer bytes/);
  assertMatch(words, /2\.0 times those of H\.264/);
  assertMatch(words, /unknown multiple of those of AV1/);
  assertMatch(words, /28 % by H\.264, an unknown share by H\.265/);
  assertMatch(
    words,
    /at most 700 MiB for 24 frames and 710 MiB for 192 frames/,
  );
});
