/** Clips by the tasks `encode` and `decode`. */
import { parseClipHeader } from "@/codec/format/clip_header.ts";
import { findFfmpeg, readClipForm } from "@/datasets/clips/ffmpeg.ts";
import { readImage, resizeImage } from "@/images/mod.ts";
import { main as decode } from "@/tasks/decode.ts";
import { main as encode } from "@/tasks/encode.ts";
import { main as inspect } from "@/tasks/inspect.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { makeClip, needsFfmpeg, writeClip } from "../datasets/clips/_clips.ts";
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
        /Damaged groups: 1 of 2, the first is group 1, counted from 0; ".*a\.raw" shows their medium frames, or the last frame before them instead/,
      );
      // What shows damage does not count as done.
      const args = [file, "--format", "raw", ...MODEL];
      const again = await run(decode, ...args);
      assertEquals(again.status, 1);
      assertMatch(again.error, /"[^"]*a\.raw" exists already/);
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
  name: "where high frames are damaged, medium ones are shown",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder) => {
      const file = `${folder}/a.onecode`;
      const bytes = await Deno.readFile(file);
      const { places } = parseClipHeader(bytes);
      for (const { end } of places) bytes[end - 20]! ^= 4;
      await Deno.writeFile(file, bytes);
      const args = [file, "--format", "raw", "--force", ...MODEL];
      const high = await run(decode, ...args);
      assertMatch(
        high.error,
        /Damaged groups: 2 of 2, .* shows their medium frames, or the last/,
      );
      const shown = await Deno.readFile(`${folder}/a.raw`);
      assertEquals(shown.length, 26 * 34 * 22 * 3);
      const medium = await run(decode, ...args, "--medium");
      assertEquals([medium.status, medium.error], [0, ""]);
      const half = await Deno.readFile(`${folder}/a.raw`);
      for (const t of [0, 25]) {
        const part = (frames: Uint8Array, bytes: number) => ({
          data: frames.slice(t * bytes, (t + 1) * bytes),
        });
        const small = { width: 17, height: 11, ...part(half, 17 * 11 * 3) };
        const large = await resizeImage(small, 34, 22);
        assertEquals(part(shown, 34 * 22 * 3).data, large.data);
      }
      // Nothing is left of it.
      for (const { start } of places) bytes[start + 9]! ^= 4;
      await Deno.writeFile(file, bytes);
      const none = await run(decode, ...args);
      assertMatch(none.error, / of group 0 /);
      assertEquals(await Deno.readFile(`${folder}/a.raw`), half);
    }),
});

Deno.test({
  name: "a clip that was decoded is skipped if all of it is there",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder) => {
      const file = `${folder}/a.onecode`;
      const again = (...args: string[]) => run(decode, file, ...args, ...MODEL);
      for (const format of ["mp4", "png", "raw"]) {
        const args = ["--format", format];
        assertEquals((await again(...args)).status, 0);
        assertMatch((await again(...args)).error, /^Skipped 1 file/);
        const other = await again(...args, "--medium");
        assertMatch(other.error, /exists already; --force replaces it\.$/);
        assertEquals((await again(...args, "--medium", "--force")).status, 0);
        assertMatch((await again(...args, "--medium")).error, /^Skipped/);
      }
      const frames = `${folder}/a_frames`;
      const names = async () =>
        (await Array.fromAsync(Deno.readDir(frames), ({ name }) => name))
          .sort();
      await Deno.remove(`${frames}/000003.png`);
      await Deno.writeTextFile(`${frames}/mine.txt`, "mine");
      await Deno.writeTextFile(`${frames}/000027.png`, "of another clip");
      const png = ["--format", "png", "--medium"];
      assertMatch((await again(...png)).error, /_frames" exists already/);
      assertEquals((await names()).length, 27);
      assertEquals((await again(...png, "--force")).status, 0);
      assertEquals((await names()).length, 27); // 26 frames and mine.txt
      assertEquals(await Deno.readTextFile(`${frames}/mine.txt`), "mine");
      const left = await Array.fromAsync(Deno.readDir(folder));
      assertEquals(left.filter(({ name }) => name.endsWith(".tmp")), []);
    }),
});

Deno.test({
  name: "clips of any pixels are encoded as they are shown, without sound",
  ...needsFfmpeg,
  fn: () =>
    withFolder(async (folder) => {
      const make = (name: string, ...args: string[]) =>
        makeClip(`${folder}/${name}`, ...args);
      const pictures = ["-f", "lavfi", "-i", "testsrc=size=64x32:rate=25"];
      const few = ["-frames:v", "3"];
      await make("ten.mkv", ...pictures, ...few, "-pix_fmt", "yuv420p10le");
      await make("rgb.mkv", ...pictures, ...few, "-c:v", "ffv1");
      await make("alpha.mov", ...pictures, ...few, "-c:v", "qtrle");
      const wide = ["-vf", "setsar=2", ...few];
      await make("wide.mkv", ...pictures, ...wide);
      const sound = ["-f", "lavfi", "-i", "sine=duration=1"];
      await make("sound.mkv", ...pictures, ...sound, "-t", "0.2");
      await make("audio.mp4", ...sound);
      const encoded = async (name: string) => {
        const made = await run(encode, `${folder}/${name}`, ...MODEL);
        assertEquals([made.status, made.error], [0, ""]);
        const path = `${folder}/${name.replace(/\..*/, "")}.onecode`;
        const { width, height } = parseClipHeader(await Deno.readFile(path));
        return { text: made.out, size: `${width}x${height}` };
      };
      for (const name of ["ten.mkv", "rgb.mkv", "alpha.mov"]) {
        const { text, size } = await encoded(name);
        assertEquals(size, "64x32");
        assertMatch(text, /3 frames in 1 group, .* are the medium clip$/);
      }
      assertEquals((await encoded("wide.mkv")).size, "128x32");
      assertMatch(
        (await encoded("sound.mkv")).text,
        /; the sound is left out$/,
      );
      const silent = await run(encode, `${folder}/audio.mp4`, ...MODEL);
      assertEquals(
        silent.error,
        `error: Clip "${folder}/audio.mp4" cannot be read: it has no pictures.`,
      );
    }),
});

Deno.test({
  name: "what can be read of a damaged clip is encoded, and the damage told",
  ...needsFfmpeg,
  fn: () =>
    withFolder(async (folder) => {
      const path = `${folder}/cut.mp4`;
      const moved = ["-movflags", "+faststart"];
      const pictures = ["-f", "lavfi", "-i", "testsrc2=size=64x48:rate=25"];
      await makeClip(path, ...pictures, "-frames:v", "60", ...moved);
      const { size } = await Deno.stat(path);
      await Deno.truncate(path, Math.floor(size * 0.7));
      const made = await run(encode, path, ...MODEL);
      assertEquals(made.status, 1);
      assertMatch(
        made.error,
        /^error: "[^"]*cut\.mp4" is damaged: "[^"]*cut\.onecode" holds what ffmpeg could read, \d+ frames\.$/,
      );
      assertMatch(made.out, /cut\.onecode: \d+ bytes, \d+ frames/);
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
      await fails(
        encode,
        [`${folder}/b.mp4`],
        /^error: Clip ".*b\.mp4" cannot be read: it is not a clip that ffmpeg reads\.$/,
      );
      await fails(
        encode,
        [`${folder}/a.onecode`],
        /^error: ".*a\.onecode" is encoded already; `decode` makes an image of it\.$/,
      );
      const blocked = `${folder}/b.mp4/out`;
      await fails(
        decode,
        [`${folder}/a.onecode`, "--format", "raw", "--out", blocked],
        /^error: .*a\.onecode: Could not write ".*b\.mp4\/out\/a\.raw": a part of its path is not a folder\.$/,
      );
    }),
});

Deno.test({
  name: "PNG frames replace those of before, and nothing but frames",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder) => {
      const frames = `${folder}/a_frames`;
      const args = [`${folder}/a.onecode`, "--format", "png", ...MODEL];
      await Deno.writeTextFile(frames, "a file in the way");
      const refused = await run(decode, ...args, "--force");
      assertMatch(refused.error, /"[^"]*a_frames" is no folder\./);
      await Deno.remove(frames);
      await Deno.mkdir(frames);
      const others = ["000027.png", "notes.txt", "1.png"];
      for (const name of others) {
        await Deno.writeTextFile(`${frames}/${name}`, "");
      }
      const { status, error } = await run(decode, ...args, "--force");
      assertEquals([status, error], [0, ""]);
      const names = Array.from(Deno.readDirSync(frames), ({ name }) => name);
      const written = Array.from(
        { length: 26 },
        (_, i) => `${`${i + 1}`.padStart(6, "0")}.png`,
      );
      assertEquals(names.sort(), [...written, "1.png", "notes.txt"]);
    }),
});

Deno.test({
  name: "an ffmpeg that is none, or that fails, is told as such",
  ...needsFfmpeg,
  fn: () =>
    withClip(async (folder) => {
      const args = [`${folder}/a.onecode`, "--force", ...MODEL];
      const programs = [
        [
          "/no/ffmpeg",
          /ffmpeg, "\/no\/ffmpeg", cannot be started: it does not/,
        ],
        ["/bin/false", /Could not write "[^"]*": ffmpeg does not say why\./],
      ] as const;
      try {
        for (const [path, expected] of programs) {
          Deno.env.set("IMAGEIO_FFMPEG_EXE", path);
          const { status, error } = await run(decode, ...args);
          assertEquals(status, 1);
          assertMatch(error, expected);
        }
      } finally {
        Deno.env.delete("IMAGEIO_FFMPEG_EXE");
      }
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
