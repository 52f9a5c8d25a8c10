import { drawLook, makeSprites } from "@/datasets/clips/sprites.ts";
import {
  makeClip,
  MOTIONS,
  scaleForClips,
} from "@/datasets/clips/made_clips.ts";
import { frameDifference } from "@/datasets/clips/scene_cuts.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { noisePhoto } from "../_photos.ts";

const side = 16, frames = 6, frameBytes = side * side * 3;

/** Differences from frame to frame, in percent. */
function steps(clip: Uint8Array): number[] {
  const frame = (i: number) =>
    clip.subarray(i * frameBytes, (i + 1) * frameBytes);
  return Array.from(
    { length: frames - 1 },
    (_, i) => frameDifference(frame(i), frame(i + 1)),
  );
}

Deno.test("each motion over a photo moves in every frame, by its seed alone", async () => {
  const photo = await scaleForClips(noisePhoto(60, 40, "motion"), side);
  assertEquals([photo.width, photo.height], [48, 32]);
  const clips = MOTIONS.map((motion) =>
    makeClip(photo, motion, side, frames, seededRandom(motion))
  );
  for (const clip of clips) {
    assertEquals(clip.length, frames * frameBytes);
    for (const step of steps(clip)) assertGreater(step, 0.1);
  }
  assertEquals(
    makeClip(photo, "pan", side, frames, seededRandom("pan")),
    clips[0],
  );
  assertEquals(new Set(clips.map((clip) => clip.join())).size, 4);
});

Deno.test("a motion over a plain photo changes nothing", async () => {
  const data = new Uint8Array(60 * 40 * 3).fill(77);
  const photo = await scaleForClips({ width: 60, height: 40, data }, side);
  for (const motion of MOTIONS) {
    const clip = makeClip(photo, motion, side, frames, seededRandom(1));
    assertEquals(new Set(clip), new Set([77]));
  }
});

Deno.test("sprites keep their look while they move", () => {
  const look = drawLook(seededRandom("look"));
  const clip = makeSprites(look, side, frames, seededRandom(1));
  assertEquals(clip.length, frames * frameBytes);
  for (const step of steps(clip)) {
    assertGreater(step, 0);
    assertLess(step, 10); // no cut
  }
  const [top] = look.ground;
  const other = makeSprites(look, side, frames, seededRandom(2));
  for (const each of [clip, other]) {
    // The ground is seen in most frames' corners.
    const corners = Array.from(
      { length: frames },
      (_, t) => each.subarray(t * frameBytes, t * frameBytes + 3),
    );
    const same = corners.filter((corner) =>
      corner.every((value, i) => Math.abs(value - top[i]!) < 12)
    );
    assertGreater(same.length, frames / 2);
  }
  assertGreater(frameDifference(clip, other), 0.5);
});
