import { findFfmpeg, type Segments } from "@/datasets/mod.ts";
import { drawLook, makeSprites } from "@/datasets/clips/sprites.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { psnr } from "@/metrics/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import {
  encodeByRival,
  measureRival,
  RIVALS,
} from "@/sections/video/rivals.ts";
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { withFolder } from "../../_folder.ts";
import { needsFfmpeg } from "../../datasets/clips/_clips.ts";

const segment = makeSprites(
  drawLook(seededRandom("rival")),
  64,
  5,
  seededRandom("rival", 1),
);

Deno.test({
  name: "every codec gives all frames, and fewer bytes at a lower quality",
  ...needsFfmpeg,
  fn: async () => {
    const ffmpeg = await findFfmpeg();
    for (const codec of RIVALS) {
      const [fine, coarse] = [
        await encodeByRival(ffmpeg, segment, 64, codec, 20),
        await encodeByRival(ffmpeg, segment, 64, codec, 45),
      ];
      assertGreater(psnr(fine.frames, segment), 30, codec);
      assertGreater(psnr(coarse.frames, segment), 15, codec);
      assertGreater(
        psnr(fine.frames, segment),
        psnr(coarse.frames, segment),
        codec,
      );
      assertLess(coarse.bytes, fine.bytes, codec);
      // A key frame for each would take several times as much.
      assertLess(fine.bytes, segment.length / 10, codec);
    }
  },
});

Deno.test({
  name: "a codec's finest quality has the most bits, and is not measured twice",
  ...needsFfmpeg,
  fn: () =>
    withFolder(async (folder) => {
      const segments: Segments = {
        ...{ split: "test", count: 1, names: ["a"], frames: 5, side: 64 },
        view: () => segment,
      };
      const measure = async (ffmpeg: string) =>
        await measureRival(
          ...[ffmpeg, segments, "made", "H.264"] as const,
          await MeasurementCache.open(folder),
        );
      const points = await measure(await findFfmpeg());
      assertEquals(points.length, 6);
      for (const point of points.slice(1)) {
        assertLess(point.bpp, points[0]!.bpp);
        assertLess(point.psnrDb, points[0]!.psnrDb);
      }
      assertEquals(await measure("no/such/ffmpeg"), points);
    }),
});
