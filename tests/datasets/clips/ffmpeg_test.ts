import {
  FfmpegError,
  findFfmpeg,
  readFrames,
  runFfmpeg,
} from "@/datasets/mod.ts";
import { UserError } from "@/errors/user_error.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../../_folder.ts";
import { needsFfmpeg, writeClip } from "./_clips.ts";

Deno.test("without Python, one sentence says what to run", async () => {
  await withFolder(async (folder) => {
    const error = await assertRejects(
      () => findFfmpeg(() => {}, folder),
      UserError,
    );
    assertEquals(
      error.message,
      "Clips are read by ffmpeg, which Python installs: run " +
        "`deno task setup` first.",
    );
  });
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
  name: "runFfmpeg() fails with ffmpeg's own words, and stops with its signal",
  ...needsFfmpeg,
  fn: async () => {
    const ffmpeg = await findFfmpeg();
    await assertRejects(
      () => Array.fromAsync(runFfmpeg(ffmpeg, ["-i", "file:no/such/clip"])),
      FfmpegError,
      "No such file",
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
