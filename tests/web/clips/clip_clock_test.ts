import { ClipClock } from "@/web/clips/clip_clock.ts";
import { assertEquals } from "@std/assert";

const always = () => true, never = () => false;

Deno.test("a clip shows its frames in time, and begins again", () => {
  const clock = new ClipClock(3, 10);
  assertEquals(clock.tick(1000, always, never), false); // at rest
  clock.play(0);
  assertEquals(clock.tick(99, always, never), false);
  const frames = [100, 200, 300, 400].map((now) => {
    assertEquals(clock.tick(now, always, never), true);
    return clock.frame;
  });
  assertEquals(frames, [1, 2, 0, 1]);
  clock.pause();
  assertEquals(clock.tick(1000, always, never), false);
  assertEquals(clock.frame, 1);
});

Deno.test("a clip waits for a frame, and does not hurry after it", () => {
  const clock = new ClipClock(5, 10);
  clock.play(0);
  assertEquals(clock.tick(150, never, never), false);
  assertEquals(clock.tick(1000, always, never), true);
  assertEquals(clock.tick(1001, always, never), true);
  assertEquals(clock.tick(1002, always, never), false);
  assertEquals(clock.tick(1101, always, never), true);
  assertEquals(clock.frame, 3);
});

Deno.test("frames that never come are passed over", () => {
  const clock = new ClipClock(6, 10);
  clock.play(0);
  const isMissing = (frame: number) => frame > 0 && frame < 4;
  assertEquals(clock.tick(100, always, isMissing), true);
  assertEquals(clock.frame, 4);
  assertEquals(clock.tick(200, never, always), false);
});

Deno.test("seeking stays inside of the clip", () => {
  const clock = new ClipClock(4, 10);
  for (const [wanted, frame] of [[-2, 0], [2.2, 2], [9, 3]] as const) {
    clock.seek(wanted, 0);
    assertEquals(clock.frame, frame);
  }
  assertEquals(clock.isPlaying, false);
});
