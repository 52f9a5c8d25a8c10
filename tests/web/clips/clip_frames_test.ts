/** Which frames of a clip are decoded, in which order, and how many are kept. */
import {
  type ClipHeader,
  parseClipHeader,
  writeClipHeader,
} from "@/codec/format/clip_header.ts";
import { ClipFrames } from "@/web/clips/clip_frames.ts";
import { assertEquals, assertLessOrEqual } from "@std/assert";

/** So many groups of two frames of 4 x 4 pixels. */
function clipOf(groups: number) {
  const header: ClipHeader = {
    ...{ model: new Uint8Array(8), clipModel: new Uint8Array(8) },
    ...{ width: 4, height: 4, quality: 50, coarseness: 1 },
    ...{ rate: 10, seconds: 1, frames: 2 * groups, groupFrames: 2 },
    groups: Array.from({ length: groups }, () => ({ medium: 10, rest: 10 })),
  };
  return parseClipHeader(writeClipHeader(header));
}

const picture = { width: 4, height: 4, data: new Uint8Array(48) };

/** Frames of a clip, what is decoded, and a gate that each frame waits for. */
function framesOf(groups: number, maxBytes?: number) {
  const decoded: string[] = [];
  let next = Promise.withResolvers<void>();
  const broken = new Set<string>();
  const faults: string[] = [];
  const frames = new ClipFrames(clipOf(groups), async function* (index, size) {
    for (let i = 0; i < 2; i++) {
      await next.promise;
      next = Promise.withResolvers();
      if (broken.has(`${size} ${index}`)) throw new Error("broken");
      decoded.push(`${size} ${2 * index + i}`);
      yield picture;
    }
  }, {
    onError: ({ message }, index, size) => {
      faults.push(`${message} ${size} ${index}`);
    },
    ...maxBytes !== undefined && { maxBytes },
  });
  /** Lets so many frames be decoded. */
  const step = async (count: number) => {
    for (let i = 0; i < count; i++) {
      next.resolve();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  };
  return { frames, decoded, broken, faults, step };
}

Deno.test("who plays gets the medium frames of what follows, then high ones", async () => {
  const { frames, decoded, step } = framesOf(2);
  frames.want(0, true);
  await step(8);
  assertEquals(decoded, [
    ...["medium 0", "medium 1", "medium 2", "medium 3"],
    ...["high 0", "high 1", "high 2", "high 3"],
  ]);
  assertEquals(frames.at(3)?.size, "high");
  await step(2);
  assertEquals(decoded.length, 8);
});

Deno.test("who looks at a frame gets it at both sizes before others", async () => {
  const { frames, decoded, step } = framesOf(3);
  frames.want(3, false);
  await step(6);
  assertEquals(decoded, [
    ...["medium 2", "medium 3", "high 2", "high 3"],
    ...["medium 4", "medium 5"],
  ]);
});

Deno.test("seeking ends what is decoded for later", async () => {
  const { frames, decoded, step } = framesOf(4);
  frames.want(0, false);
  await step(5);
  assertEquals(decoded.at(-1), "medium 2");
  frames.want(6, false);
  await step(3);
  assertEquals(decoded.slice(5), ["medium 3", "medium 6", "medium 7"]);
  // What was there stays.
  assertEquals(frames.at(0)?.size, "high");
});

Deno.test("the frames that are kept do not grow with the clip", async () => {
  // Four groups.
  const { frames, step } = framesOf(50, 4 * 2 * 48);
  for (let frame = 0; frame < 100; frame++) {
    frames.want(frame, true);
    await step(6);
    assertLessOrEqual(frames.count, 8);
    assertEquals(frames.at(frame) !== undefined, true);
  }
  // The last ones are followed by the first ones.
  assertEquals(frames.at(0)?.size, "high");
  assertEquals(frames.at(50), undefined);
});

Deno.test("a group that cannot be decoded is told once, and again on request", async () => {
  const { frames, decoded, broken, faults, step } = framesOf(3);
  broken.add("medium 1").add("high 0");
  frames.want(0, true);
  await step(12);
  assertEquals(faults, ["broken medium 1", "broken high 0"]);
  assertEquals(frames.isMissing(2), true);
  assertEquals(frames.isMissing(0), false);
  assertEquals(frames.at(0)?.size, "medium");
  assertEquals(decoded.includes("high 4"), true);
  broken.clear();
  frames.retry();
  await step(8);
  assertEquals(frames.isMissing(2), false);
  assertEquals(frames.at(2)?.size, "high");
  assertEquals(frames.at(0)?.size, "high");
});
