import {
  FfmpegError,
  findFfmpeg,
  readFrames,
  runFfmpeg,
  writeMp4,
} from "@/datasets/mod.ts";
import { UserError } from "@/errors/user_error.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { withFolder } from "../../_folder.ts";
import { needsFfmpeg, writeClip } from "./_clips.ts";

Deno.test("without Python, one sentence says what to do; a named ffmpeg needs none", async () => {
  const before = Deno.env.toObject();
  try {
    Deno.env.set("ONECODE_PYTHON", "no-python");
    Deno.env.delete("IMAGEIO_FFMPEG_EXE");
    await withFolder(async (folder) => {
      const find = () => findFfmpeg(() => {}, folder);
      const { message } = await assertRejects(find, UserError);
      assertEquals(
        message,
        "ffmpeg is needed: set IMAGEIO_FFMPEG_EXE to its path, or let Python " +
          "install it. ONECODE_PYTHON must be a 64-bit Python 3.10 to 3.13, " +
          'but "no-python" does not run.',
      );
      Deno.env.set("IMAGEIO_FFMPEG_EXE", "/a/ffmpeg");
      assertEquals(await find(), "/a/ffmpeg");
    });
  } finally {
    for (const name of ["ONECODE_PYTHON", "IMAGEIO_FFMPEG_EXE"]) {
      if (before[name] === undefined) Deno.env.delete(name);
      else Deno.env.set(name, before[name]);
    }
  }
});

Deno.test({
  name: "readFrames() gives every frame, and stops when nobody reads",
  ...needsFfmpeg,
  fn: () =>
    withFolder(async (folder) => {
      const path = `${folder}/-a:b.mkv`;
      await writeClip(path, "testsrc=size=64x32:rate=25", 7);
      const ffmpeg = await findFfmpeg();
      const frames = await Array.fromAsync(readFrames(ffmpeg, path, 16));
      assertEquals(frames.map(({ length }) => length), Array(7).fill(768));
      for await (const first of readFrames(ffmpeg, path, 16)) {
        assertEquals(first, frames[0]);
        break;
      }
    }),
});

Deno.test({
  name: "writeMp4() keeps colours, and names the matrix that they are by",
  ...needsFfmpeg,
  fn: () =>
    withFolder(async (folder) => {
      const ffmpeg = await findFfmpeg();
      const path = `${folder}/flat.mp4`;
      const colour = [200, 30, 60];
      const frame = Uint8Array.from({ length: 64 * 32 * 3 }, (_, i) =>
        colour[i % 3]!);
      const form = { width: 64, height: 32, rate: 25, seconds: 1 };
      await writeMp4(ffmpeg, path, form, ReadableStream.from([frame, frame]));
      const frames = await Array.fromAsync(readFrames(ffmpeg, path, 16));
      assertEquals(frames.length, 2);
      for (const [i, value] of colour.entries()) {
        assertAlmostEquals(frames[1]![i]!, value, 3);
      }
      const bytes = await Deno.readFile(path);
      // Primaries, transfer and matrix of BT.709 in the box "colr".
      assertStringIncludes(
        String.fromCharCode(...bytes),
        "colrnclx\0\x01\0\x01\0\x01",
      );
    }),
});

Deno.test({
  name: "runFfmpeg() says why it fails, and stops with its signal",
  ...needsFfmpeg,
  fn: async () => {
    const ffmpeg = await findFfmpeg();
    await assertRejects(
      () => Array.fromAsync(runFfmpeg(ffmpeg, ["-i", "file:no/such/clip"])),
      FfmpegError,
      "it does not exist",
    );
    const endless = ["-f", "lavfi", "-i", "testsrc", "-f", "rawvideo", "-"];
    const controller = new AbortController();
    await assertRejects(
      async () => {
        for await (const _ of runFfmpeg(ffmpeg, endless, controller.signal)) {
          controller.abort(new Error("Enough."));
        }
      },
      Error,
      "Enough.",
    );
  },
});
