/** Clips by the tasks `encode` and `decode`. */
import { parseClipHeader } from "@/codec/format/clip_header.ts";
import { findFfmpeg, readClipForm } from "@/datasets/clips/ffmpeg.ts";
import { readImage } from "@/images/mod.ts";
import { main as decode } from "@/tasks/decode.ts";
import { main as encode } from "@/tasks/encode.ts";
import { main as inspect } from "@/tasks/inspect.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { needsFfmpeg, writeClip } from "../datasets/clips/_clips.ts";
import { model, run } from "./_codec_tasks.ts";

const MODEL = ["--model", model];

/** A folder with a clip of 26 frames of 34x22 pixels, encoded. */
async function withClip(
  work: (folder: string, printed: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await writeClip(
      `${folder}/a.avi`,
      "testsrc2=size=34x22:rate=30000/1001",
      26,
    );
    const { status, out, error } = await run(
      encode,
      `${folder}/a.avi`,
      ...MODEL,
    );
    assertEquals([status, error], [0, ""]);
    await work(folder, out);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test({
  name: "a clip is encoded once, and its header holds its frames and its rate",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder, printed) => {
      const file = `${folder}/a.onecode`;
      const bytes = await Deno.readFile(file);
      const header = parseClipHeader(bytes);
      const { width, height, rate, seconds, frames, groups } = header;
      assertEquals([width, height, rate, seconds], [34, 22, 30000, 1001]);
      assertEquals([frames, groups.length], [26, 2]);
      assertEquals(header.fileBytes, bytes.length);
      assertMatch(printed, /26 frames in 2 groups/);
      const shown = await run(inspect, file, ...MODEL);
      assertMatch(shown.out, /26, 0\.87 s at 29\.97 a second/);
      assertMatch(
        shown.out,
        /2 of 24 frames: 2 whole, 0 medium only, 0 damaged/,
      );
      assertEquals(shown.status, 0);
      const again = await run(encode, `${folder}/a.avi`, ...MODEL);
      assertMatch(again.error, /Skipped 1 file/);
      const other = ["--quality", "30", ...MODEL];
      const refused = await run(encode, `${folder}/a.avi`, ...other);
      assertMatch(refused.error, /exists already/);
      assertEquals(await Deno.readFile(file), bytes);
    }),
});

Deno.test({
  name: "a clip is decoded to MP4, PNG files and bytes, at both sizes",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder) => {
      const file = `${folder}/a.onecode`;
      const tell = async (...args: string[]) => {
        const { status, out, error } = await run(
          decode,
          file,
          ...args,
          ...MODEL,
        );
        assertEquals([status, error], [0, ""]);
        return out;
      };
      assertStringIncludes(
        await tell("--format", "raw"),
        "a.raw: 26 frames of 34x22 pixels",
      );
      const raw = await Deno.readFile(`${folder}/a.raw`);
      assertEquals(raw.length, 26 * 34 * 22 * 3);
      await tell("--format", "png");
      const last = await readImage(`${folder}/a_frames/000026.png`);
      assertEquals(last.data, raw.slice(25 * 34 * 22 * 3));
      assertStringIncludes(await tell("--medium"), "17x11");
      const form = await readClipForm(await findFfmpeg(), `${folder}/a.mp4`);
      // Odd sides are made even.
      assertEquals(form, { width: 18, height: 12, rate: 30000, seconds: 1001 });
    }),
});

Deno.test({
  name: "a damaged group shows the frame before it, and is named",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder) => {
      const file = `${folder}/a.onecode`;
      const raw = async () => {
        const args = [file, "--format", "raw", "--force", ...MODEL];
        const { error } = await run(decode, ...args);
        return { error, bytes: await Deno.readFile(`${folder}/a.raw`) };
      };
      const whole = await raw();
      const bytes = await Deno.readFile(file);
      const [, second] = parseClipHeader(bytes).places;
      bytes[second!.start + 9]! ^= 4;
      await Deno.writeFile(file, bytes);
      const broken = await raw();
      assertMatch(
        broken.error,
        /1 of 2 groups are damaged, the first is group 1/,
      );
      const shown = await run(inspect, file, ...MODEL);
      assertMatch(shown.out, /1 whole, 0 medium only, 1 damaged/);
      assertMatch(shown.error, /Damaged groups: 1 of 2/);
      const frame = 34 * 22 * 3;
      const kept = broken.bytes.subarray(0, 24 * frame);
      assertEquals(kept, whole.bytes.subarray(0, 24 * frame));
      for (const t of [24, 25]) {
        assertEquals(
          broken.bytes.subarray(t * frame, (t + 1) * frame),
          kept.subarray(23 * frame),
        );
      }
      bytes[10]! ^= 1; // the header
      await Deno.writeFile(file, bytes);
      assertMatch((await raw()).error, /checksum is wrong/);
    }),
});

Deno.test({
  name: "what clips have not is refused in one sentence",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder) => {
      const fails = async (
        main: typeof encode,
        args: string[],
        text: RegExp,
      ) => {
        const { status, error } = await run(main, ...args, ...MODEL);
        assertEquals(status, 1);
        assertMatch(error, text);
      };
      await fails(encode, [`${folder}/a.avi`, "--effort", "1"], /is a clip/);
      await fails(decode, [`${folder}/a.onecode`, "--thumbnail"], /is a clip/);
      await Deno.writeTextFile(`${folder}/b.mp4`, "no clip");
      await fails(encode, [`${folder}/b.mp4`], /b\.mp4: /);
    }),
});

Deno.test({
  name: "the published weights predict frames, and decode them",
  ...needsFfmpeg,
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
    try {
      await writeClip(`${folder}/a.avi`, "testsrc2=size=64x48:rate=25", 3);
      const made = await run(encode, `${folder}/a.avi`);
      assertEquals([made.status, made.error], [0, ""]);
      const file = `${folder}/a.onecode`;
      const shown = await run(inspect, file);
      const { clipModel } = parseClipHeader(await Deno.readFile(file));
      assertStringIncludes(shown.out, `model ${clipModel.toHex()}`);
      const decoded = await run(decode, file, "--format", "raw");
      assertStringIncludes(decoded.out, "a.raw: 3 frames of 64x48 pixels");
      const args = [file, "--format", "raw", "--force", ...MODEL];
      const other = await run(decode, ...args);
      assertMatch(other.error, /made with model/);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
