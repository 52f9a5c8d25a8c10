/** Headers and groups of clips, without a model. */
import {
  type FrameLayers,
  readGroup,
  writeGroup,
} from "@/codec/format/clip_group.ts";
import {
  type ClipHeader,
  clipStartBytes,
  isClip,
  parseClipHeader,
  writeClipHeader,
} from "@/codec/format/clip_header.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { randomInteger, seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { MODEL, randomBytes } from "../_files.ts";
import { mutate } from "../_mutate.ts";

const start = {
  model: MODEL,
  clipModel: MODEL,
  width: 640,
  height: 427,
  quality: 75,
  coarseness: 1,
};

const header: ClipHeader = {
  ...start,
  rate: 30000,
  seconds: 1001,
  frames: 25,
  groupFrames: 10,
  groups: [
    { medium: 300, rest: 500 },
    { medium: 8, rest: 5 },
    { medium: 70000, rest: 1 },
  ],
};

Deno.test("a clip's header gives its fields back, and where groups are", () => {
  const bytes = writeClipHeader(header);
  const { headerBytes, places, fileBytes, ...fields } = parseClipHeader(bytes);
  assertEquals(fields, header);
  assertEquals(headerBytes, bytes.length);
  assertEquals(places.map(({ firstFrame, frames }) => [firstFrame, frames]), [
    [0, 10],
    [10, 10],
    [20, 5],
  ]);
  assertEquals(places[2], {
    ...{ firstFrame: 20, frames: 5, start: headerBytes + 813 },
    ...{ mediumEnd: headerBytes + 70813, end: headerBytes + 70814 },
  });
  assertEquals(fileBytes, headerBytes + 70814);
  assert(isClip(bytes));
  assert(!isClip(bytes.subarray(0, 3)));
});

Deno.test("FORMAT.md's example of a clip's header is what is written", () => {
  const bytes = writeClipHeader({
    ...start,
    model: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
    clipModel: Uint8Array.of(9, 10, 11, 12, 13, 14, 15, 16),
    ...{ rate: 25, seconds: 1, frames: 30, groupFrames: 24 },
    groups: [{ medium: 3000, rest: 5000 }, { medium: 800, rest: 1200 }],
  });
  const text = Deno.readTextFileSync("lib/codec/FORMAT.md");
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0"));
  const example = text.slice(text.indexOf("**Example of a clip.**"))
    .matchAll(/^ {4}((?:[0-9a-f]{2} )*[0-9a-f]{2})(?: {2}|$)/gm);
  const listed = [...example].flatMap(([, line]) => line!.split(" "));
  assertEquals(listed.slice(0, hex.length), hex);
});

Deno.test("a header that is cut anywhere is truncated, one with a changed byte refused", () => {
  const bytes = writeClipHeader(header);
  for (let length = 4; length < bytes.length; length++) {
    const error = assertThrows(
      () => parseClipHeader(bytes.subarray(0, length)),
      CodecError,
    );
    assertEquals(error.code, "truncated");
  }
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << bit;
      assertThrows(() => parseClipHeader(changed), CodecError);
    }
  }
});

Deno.test("what a clip's header cannot say is refused", () => {
  const cases = [
    [{ width: 70000 }, CodecError, "at most 65535 pixels per side"],
    [{ quality: 0 }, RangeError, "quality"],
    [{ coarseness: 4 }, RangeError, "coarseness"],
    [{ frames: 31 }, RangeError, "groups.length"],
    [{ groupFrames: 2000 }, RangeError, "groupFrames"],
    [{ rate: 0 }, RangeError, "rate"],
    [{ model: new Uint8Array(7) }, RangeError, "model.length"],
    [
      { frames: 1, groups: [{ medium: 2 ** 31, rest: 0 }] },
      CodecError,
      "at most 2147483647 bytes",
    ],
  ] as const;
  for (const [changes, error, text] of cases) {
    assertThrows(() => writeClipHeader({ ...header, ...changes }), error, text);
  }
});

const clip = clipStartBytes(start);

function drawLayers(key: string, count: number): (FrameLayers | undefined)[] {
  const random = seededRandom(key);
  return Array.from({ length: count }, (_, i) => {
    if (i > 0 && random() < 0.3) return undefined;
    const layer = (name: string) =>
      randomBytes(`${key} ${i} ${name}`, randomInteger(random, 0, 300));
    return [layer("start"), layer("first"), layer("second")];
  });
}

Deno.test("groups give the layers of their frames back, with and without the rest", () => {
  for (const count of [1, 2, 8, 9, 30]) {
    const frames = drawLayers(`group of ${count}`, count);
    const identity = { clip, index: count };
    const [medium, rest] = writeGroup(identity, frames);
    const whole = readGroup(identity, count, medium, rest);
    assertEquals(whole.restIs, "complete");
    assertEquals(whole.frames, frames.map((layers) => layers && [...layers]));
    const half = readGroup(identity, count, medium);
    assertEquals(half.restIs, "cut");
    assertEquals(
      half.frames,
      frames.map((layers) => layers && [layers[0], layers[1]]),
    );
  }
});

Deno.test("a group in another's place or of another clip is damaged", () => {
  const frames = drawLayers("misplaced", 5);
  const [medium, rest] = writeGroup({ clip, index: 3 }, frames);
  const other = clipStartBytes({ ...start, quality: 74 });
  for (const identity of [{ clip, index: 4 }, { clip: other, index: 3 }]) {
    assertThrows(() => readGroup(identity, 5, medium, rest), CodecError);
  }
});

Deno.test("damage to the rest of a group leaves its medium frames", () => {
  const frames = drawLayers("damaged", 6);
  const identity = { clip, index: 0 };
  const [medium, rest] = writeGroup(identity, frames);
  const random = seededRandom("mutations of groups");
  for (let i = 0; i < 300; i++) {
    const broken = mutate(rest, random);
    const { restIs } = readGroup(identity, 6, medium, broken);
    const isSame = broken.length === rest.length &&
      broken.every((byte, at) => byte === rest[at]);
    assertEquals(restIs, isSame ? "complete" : "damaged");
    const changed = mutate(medium, random);
    if (
      changed.length === medium.length &&
      changed.every((byte, at) => byte === medium[at])
    ) continue;
    assertThrows(() => readGroup(identity, 6, changed, rest), CodecError);
  }
});
