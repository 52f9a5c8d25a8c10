/**
 * ffmpeg, which reads clips and writes those of other codecs. Its binary comes
 * from PyPI, is under the GPL, and runs in a process of its own.
 *
 * @see https://pypi.org/project/imageio-ffmpeg/
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

import { UserError } from "@/errors/user_error.ts";
import { peerPython } from "@/files/peer_python.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { readLines } from "@/files/read_lines.ts";

/** ffmpeg 9.0.2. */
const PACKAGES = ["imageio-ffmpeg==0.8.1"];

/**
 * Finds ffmpeg, which the first call installs: a download of 68 MB. The
 * environment variable `IMAGEIO_FFMPEG_EXE` names another one.
 *
 * @param onInstall Called before it is installed.
 * @param root The checkout; this one by default.
 * @returns Path of the program.
 * @throws {UserError} If it cannot be installed.
 */
export async function findFfmpeg(
  onInstall: () => void = () => {},
  root: string = PROJECT_ROOT,
): Promise<string> {
  if (!existsSync(join(root, ".venv", "bin", "python"))) {
    throw new UserError(
      "Clips are read by ffmpeg, which Python installs: run " +
        "`deno task setup` first.",
    );
  }
  const wanted = { folder: "ffmpeg-venv", name: "ffmpeg", packages: PACKAGES };
  const python = await peerPython(root, wanted, onInstall);
  const { success, stdout } = await new Deno.Command(python, {
    args: [
      "-c",
      "import imageio_ffmpeg; print(imageio_ffmpeg.get_ffmpeg_exe())",
    ],
    stderr: "null",
  }).output();
  if (success) return new TextDecoder().decode(stdout).trim();
  throw new UserError(
    "imageio-ffmpeg has no ffmpeg for this machine: install ffmpeg, and set " +
      "IMAGEIO_FFMPEG_EXE to its path.",
  );
}

/** An ffmpeg that failed; the message is its own last line. */
export class FfmpegError extends Error {
  /** Always `"FfmpegError"`. */
  override readonly name = "FfmpegError";
}

/**
 * Runs ffmpeg and passes on what it writes, in pieces. It is killed if the
 * caller stops reading.
 *
 * @param ffmpeg From {@linkcode findFfmpeg}.
 * @param args Its arguments; output goes to `-`.
 * @param signal Stops it.
 * @yields The bytes.
 * @throws {FfmpegError} If it fails.
 */
export async function* runFfmpeg(
  ffmpeg: string,
  args: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const child = new Deno.Command(ffmpeg, {
    args: ["-nostdin", "-v", "error", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  };
  signal?.addEventListener("abort", kill);
  const messages = lastLine(child.stderr);
  try {
    for await (const bytes of child.stdout) yield bytes;
    const { success } = await child.status;
    signal?.throwIfAborted();
    if (!success) throw new FfmpegError(await messages);
  } finally {
    signal?.removeEventListener("abort", kill);
    kill();
    await Promise.all([child.status, messages]);
  }
}

/**
 * Reads the frames of a clip: the middle square, scaled down by Lanczos.
 *
 * @param ffmpeg From {@linkcode findFfmpeg}.
 * @param path The clip, in any format that ffmpeg reads.
 * @param side Width and height of the frames in pixels.
 * @param signal Stops the reading.
 * @yields Frames `[side, side, 3]`, 0..255, in order.
 * @throws {FfmpegError} If the clip is broken; frames before that were given.
 */
export async function* readFrames(
  ffmpeg: string,
  path: string,
  side: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const square = `scale=${side}:${side}:` +
    `force_original_aspect_ratio=increase:flags=lanczos,crop=${side}:${side}`;
  // A clip that is a list of others must not reach them by the network.
  const input = ["-protocol_whitelist", "file", "-i", `file:${path}`];
  const output = ["-fps_mode", "passthrough", "-pix_fmt", "rgb24"];
  yield* inFrames(
    runFfmpeg(
      ffmpeg,
      [...input, "-map", "0:v:0", "-vf", square, ...output]
        .concat(["-f", "rawvideo", "-"]),
      signal,
    ),
    side * side * 3,
  );
}

/** Cuts a stream into frames; what is left at its end is dropped. */
async function* inFrames(
  stream: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  let [frame, filled] = [new Uint8Array(length), 0];
  for await (const bytes of stream) {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + length - filled);
      frame.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < length) continue;
      yield frame;
      [frame, filled] = [new Uint8Array(length), 0];
    }
  }
}

/** The last line of a program's messages, without the name of its part. */
async function lastLine(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string> {
  let last = "";
  for await (const line of readLines(stream)) last = line.trim() || last;
  const line = last.replace(/^\[.*?\] */, "");
  return line.replace(/^.*?: (?=[A-Z])/, "").replace(/\.$/, "") ||
    "it has no pictures";
}
