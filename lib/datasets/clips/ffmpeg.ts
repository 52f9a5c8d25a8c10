/**
 * ffmpeg, which reads clips and writes those of other codecs. Its binary comes
 * from PyPI, is under the GPL, and runs in a process of its own.
 *
 * @see https://pypi.org/project/imageio-ffmpeg/
 * @module
 */

import { UserError } from "@/errors/user_error.ts";
import { peerPython } from "@/files/peer_python.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { readLines } from "@/files/read_lines.ts";
import { systemReason } from "@/files/system_error.ts";

/** ffmpeg 9.0.2. */
const PACKAGES = ["imageio-ffmpeg==0.8.1"];

/**
 * Finds ffmpeg, which the first call installs: a download of 68 MB, by Python.
 * The environment variable `IMAGEIO_FFMPEG_EXE` names another one.
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
  const chosen = Deno.env.get("IMAGEIO_FFMPEG_EXE");
  if (chosen) return chosen;
  const wanted = { folder: "ffmpeg-venv", name: "ffmpeg", packages: PACKAGES };
  const python = await peerPython(root, wanted, onInstall).catch((error) => {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(
      "ffmpeg is needed: set IMAGEIO_FFMPEG_EXE to its path, or let Python " +
        `install it. ${error.message}`,
    );
  });
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

/** An ffmpeg that failed; the message says why, without a full stop. */
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
 * @param onDamage Called at the end if it found errors and went on.
 * @yields The bytes.
 * @throws {FfmpegError} If it fails.
 * @throws {UserError} If there is no such program.
 */
export async function* runFfmpeg(
  ffmpeg: string,
  args: readonly string[],
  signal?: AbortSignal,
  onDamage?: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted();
  const child = startFfmpeg(ffmpeg, {
    args: ["-nostdin", "-v", "error", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const kill = () => endFfmpeg(child);
  signal?.addEventListener("abort", kill);
  const messages = reasonIn(child.stderr);
  try {
    for await (const bytes of child.stdout) yield bytes;
    const { success } = await child.status;
    signal?.throwIfAborted();
    const reason = await messages;
    if (!success) throw new FfmpegError(reason ?? UNSAID);
    if (reason !== undefined) onDamage?.();
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
  const output = ["-fps_mode", "passthrough", "-pix_fmt", "rgb24"];
  yield* inFrames(
    runFfmpeg(
      ffmpeg,
      [...inputArgs(path), "-vf", square, ...output]
        .concat(["-f", "rawvideo", "-"]),
      signal,
    ),
    side * side * 3,
  );
}

/** What a clip looks like. */
export interface ClipForm {
  /** Width of its frames in pixels. */
  readonly width: number;
  /** Height of its frames in pixels. */
  readonly height: number;
  /** So many frames are shown in {@linkcode ClipForm.seconds}. */
  readonly rate: number;
  /** A whole number of seconds. */
  readonly seconds: number;
}

/**
 * Finds out what a clip looks like.
 *
 * @param ffmpeg From {@linkcode findFfmpeg}.
 * @param path The clip, in any format that ffmpeg reads.
 * @param signal Stops it.
 * @returns Size in square pixels, and frame rate.
 * @throws {FfmpegError} If the clip is broken, or has no pictures.
 */
export async function readClipForm(
  ffmpeg: string,
  path: string,
  signal?: AbortSignal,
): Promise<ClipForm> {
  let header = "";
  const args = [...inputArgs(path), "-frames:v", "1"]
    .concat(["-vf", "scale=round(iw*sar):ih,setsar=1", "-pix_fmt", "yuv420p"])
    .concat(["-f", "yuv4mpegpipe"]);
  for await (const bytes of runFfmpeg(ffmpeg, [...args, "-"], signal)) {
    header += new TextDecoder().decode(bytes);
    if (header.includes("\n")) break;
  }
  const [, width, height, rate, seconds] =
    header.match(/^YUV4MPEG2 W(\d+) H(\d+) F(\d+):(\d+) /) ?? [];
  if (seconds === undefined) throw new FfmpegError("it has no pictures");
  return {
    ...{ width: Number(width), height: Number(height) },
    ...{ rate: Number(rate), seconds: Number(seconds) },
  };
}

/**
 * Whether a clip has sound.
 *
 * @param ffmpeg From {@linkcode findFfmpeg}.
 * @param path The clip, in any format that ffmpeg reads.
 * @param signal Stops it.
 */
export async function hasSound(
  ffmpeg: string,
  path: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const args = [...inputArgs(path, "a"), "-frames:a", "1", "-f", "null", "-"];
  try {
    await Array.fromAsync(runFfmpeg(ffmpeg, args, signal));
    return true;
  } catch (error) {
    if (error instanceof FfmpegError) return false;
    throw error;
  }
}

/**
 * Reads the frames of a clip as they are, at an even rate.
 *
 * @param ffmpeg From {@linkcode findFfmpeg}.
 * @param path The clip, in any format that ffmpeg reads.
 * @param form From {@linkcode readClipForm}.
 * @param signal Stops the reading.
 * @param onDamage Called at the end if the clip is damaged, but some frames
 * could be read.
 * @yields Frames `[height, width, 3]`, 0..255, in order.
 * @throws {FfmpegError} If the clip is broken; frames before that were given.
 */
export async function* readWholeFrames(
  ffmpeg: string,
  path: string,
  { width, height, rate, seconds }: ClipForm,
  signal?: AbortSignal,
  onDamage?: () => void,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const output = ["-fps_mode", "cfr", "-r", `${rate}/${seconds}`]
    .concat(["-s", `${width}x${height}`, "-pix_fmt", "rgb24"]);
  yield* inFrames(
    runFfmpeg(
      ffmpeg,
      [...inputArgs(path), ...output, "-f", "rawvideo", "-"],
      signal,
      onDamage,
    ),
    width * height * 3,
  );
}

/**
 * Writes frames as an MP4 file with H.264 of high quality, with colours as BT.709
 * has them. An odd width or height is made even, by a black row or column.
 *
 * @param ffmpeg From {@linkcode findFfmpeg}.
 * @param path The file.
 * @param form Size and frame rate.
 * @param frames `[height, width, 3]` each, 0..255.
 * @throws {FfmpegError} If ffmpeg fails.
 * @throws {UserError} If there is no such program.
 * @throws Whatever the frames throw.
 */
export async function writeMp4(
  ffmpeg: string,
  path: string,
  { width, height, rate, seconds }: ClipForm,
  frames: AsyncIterable<Uint8Array>,
): Promise<void> {
  const input = ["-f", "rawvideo", "-pix_fmt", "rgb24"]
    .concat(["-s", `${width}x${height}`, "-r", `${rate}/${seconds}`]);
  const output = ["-vf", MP4_FRAMES, "-c:v", "libx264"]
    .concat(["-crf", "12", "-movflags", "+faststart"]);
  const child = startFfmpeg(ffmpeg, {
    args: ["-v", "error", "-y", ...input, "-i", "-", ...output]
      .concat(["-f", "mp4", `file:${path}`]),
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  });
  const messages = reasonIn(child.stderr);
  const writer = child.stdin.getWriter();
  try {
    for await (const frame of frames) await writer.write(frame);
    await writer.close();
  } catch (error) {
    endFfmpeg(child);
    const { success } = await child.status;
    const message = await messages;
    // ffmpeg that has ended closes the pipe.
    const isPipe = error instanceof Deno.errors.BrokenPipe ||
      error instanceof TypeError;
    throw isPipe && !success ? new FfmpegError(message ?? UNSAID) : error;
  }
  const { success } = await child.status;
  const message = await messages;
  if (!success) throw new FfmpegError(message ?? UNSAID);
}

/** The reason of an ffmpeg that prints none. */
const UNSAID = "ffmpeg does not say why";

function startFfmpeg(
  ffmpeg: string,
  options: Deno.CommandOptions,
): Deno.ChildProcess {
  try {
    return new Deno.Command(ffmpeg, options).spawn();
  } catch (error) {
    const reason = systemReason(error);
    throw new UserError(`ffmpeg, "${ffmpeg}", cannot be started: ${reason}.`);
  }
}

function endFfmpeg(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}

/** Even sides, and colours by the matrix that the file names. */
const MP4_FRAMES = "pad=ceil(iw/2)*2:ceil(ih/2)*2," +
  "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p," +
  "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709";

/**
 * The first pictures or the first sound of a clip; one that lists others must not
 * reach a network.
 */
function inputArgs(path: string, what: "v" | "a" = "v"): string[] {
  return ["-protocol_whitelist", "file", "-i", `file:${path}`]
    .concat(["-map", `0:${what}:0`]);
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

/** What ffmpeg's messages mean; the first that is found counts. */
const REASONS: readonly (readonly [message: RegExp, reason: string])[] = [
  [/matches no streams|not contain any stream/, "it has no pictures"],
  [/No space left on device/, "the disk is full"],
  [/Read-only file system/, "the disk is read-only"],
  [/Permission denied/, "permission is denied"],
  [/No such file or directory/, "it does not exist"],
  [/received no packets/, "none of its pictures can be decoded"],
  [/Invalid data found/, "it is not a clip that ffmpeg reads"],
];

/** Why ffmpeg failed, from its messages; nothing if there are none. */
async function reasonIn(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<string | undefined> {
  let last: string | undefined;
  const seen = new Set<RegExp>();
  for await (const line of readLines(stream)) {
    last = line.trim() || last;
    for (const [message] of REASONS) if (message.test(line)) seen.add(message);
  }
  const known = REASONS.find(([message]) => seen.has(message));
  return known?.[1] ??
    last?.replace(/^\[.*?\] */, "").replace(/^.*?: (?=[A-Z])/, "")
      .replace(/\.$/, "");
}
