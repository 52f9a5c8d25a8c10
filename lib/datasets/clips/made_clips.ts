/**
 * Clips made of photos: real texture, known motion.
 *
 * @module
 */
import { type Pixels, resizeImage } from "@/images/mod.ts";
import type { Random } from "@/random/seeded_random.ts";

/** How a clip moves. */
export const MOTIONS = ["pan", "zoom", "shake", "parallax"] as const;

/** How a clip moves. */
export type Motion = typeof MOTIONS[number];

/** Sides of a frame in the shorter side of the photo that it is cut from. */
const ROOM = 2;

/** A square of the photo: its left top corner and its side, in pixels. */
interface View {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/**
 * Scales a photo to what clips are cut from.
 *
 * @param photo The photo.
 * @param side Width and height of the frames in pixels.
 * @returns The photo, its shorter side twice as long as a frame's.
 */
export async function scaleForClips(
  photo: Pixels,
  side: number,
): Promise<Pixels> {
  const scale = ROOM * side / Math.min(photo.width, photo.height);
  const [width, height] = [photo.width, photo.height]
    .map((length) => Math.max(ROOM * side, Math.round(length * scale)));
  return await resizeImage(photo, width!, height!);
}

/**
 * Moves a camera over a photo. `parallax` also moves a part of the photo in
 * front of it, faster than the rest.
 *
 * @param photo From {@linkcode scaleForClips}.
 * @param motion How the camera moves.
 * @param side Width and height of the frames in pixels.
 * @param frames Number of frames.
 * @param random Decides where and how fast.
 * @returns `[frames, side, side, 3]`, 0..255.
 */
export function makeClip(
  photo: Pixels,
  motion: Motion,
  side: number,
  frames: number,
  random: Random,
): Uint8Array {
  const frameBytes = side * side * 3;
  const bytes = new Uint8Array(frames * frameBytes);
  const views = cameraPath(photo, motion, side, frames, random);
  const front = motion === "parallax" ? drawFront(side, random) : undefined;
  views.forEach((view, t) => {
    const frame = bytes.subarray(t * frameBytes, (t + 1) * frameBytes);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        const share = front?.share(x, y, t) ?? 0;
        for (let channel = 0; channel < 3; channel++) {
          let value = sample(photo, view, side, x, y, channel);
          if (share > 0) {
            const there = sample(photo, front!.view(t), side, x, y, channel);
            value += share * (there - value);
          }
          frame[(y * side + x) * 3 + channel] = Math.round(value);
        }
      }
    }
  });
  return bytes;
}

/** Where the camera looks in each frame. */
function cameraPath(
  { width, height }: Pixels,
  motion: Motion,
  side: number,
  frames: number,
  random: Random,
): View[] {
  const between = (from: number, to: number) => from + (to - from) * random();
  const speed = motion === "pan" ? 3 : 1;
  const [speedX, speedY] = [between(-speed, speed), between(-speed, speed)];
  const first = motion === "zoom" ? between(1, 1.9) : between(1, 1.4);
  const last = motion === "zoom" ? between(1, 1.9) : first;
  const middle = [between(0.35, 0.65) * width, between(0.35, 0.65) * height];
  const shaken = [0, 0];
  return Array.from({ length: frames }, (_, t) => {
    const share = frames === 1 ? 0 : t / (frames - 1);
    const size = side * first * (last / first) ** share;
    const time = t - (frames - 1) / 2;
    const corner = [speedX, speedY].map((speed, i) => {
      if (motion === "shake") {
        shaken[i] = 0.7 * shaken[i]! + between(-1.5, 1.5);
      }
      const moved = (motion === "shake" ? 0 : speed * time) + shaken[i]!;
      const most = (i === 0 ? width : height) - size;
      return Math.max(0, Math.min(most, middle[i]! + moved - size / 2));
    });
    return { left: corner[0]!, top: corner[1]!, side: size };
  });
}

/** A disc with a soft edge in front of the rest, which shows another place. */
function drawFront(side: number, random: Random) {
  const between = (from: number, to: number) => from + (to - from) * random();
  const radius = between(0.15, 0.3) * side;
  const [x0, y0] = [between(0.2, 0.8) * side, between(0.2, 0.8) * side];
  const [speedX, speedY] = [between(-3, 3), between(-3, 3)];
  const [left, top] = [between(0, 0.9) * side, between(0, 0.9) * side];
  return {
    share: (x: number, y: number, t: number) => {
      const away = Math.hypot(x - x0 - speedX * t, y - y0 - speedY * t);
      return Math.max(0, Math.min(1, (radius - away) / 1.5 + 0.5));
    },
    // The texture moves with the disc.
    view: (t: number): View => ({
      left: left - speedX * t,
      top: top - speedY * t,
      side,
    }),
  };
}

/** The colour of a pixel of a view, by linear interpolation. */
function sample(
  { width, height, data }: Pixels,
  { left, top, side: size }: View,
  side: number,
  x: number,
  y: number,
  channel: number,
): number {
  const step = size / side;
  const u = Math.max(0, Math.min(width - 1, left + (x + 0.5) * step - 0.5));
  const v = Math.max(0, Math.min(height - 1, top + (y + 0.5) * step - 0.5));
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const right = Math.min(column + 1, width - 1);
  const below = Math.min(row + 1, height - 1);
  const at = (column: number, row: number) =>
    data[(row * width + column) * 3 + channel]!;
  const upper = at(column, row) +
    (u - column) * (at(right, row) - at(column, row));
  const lower = at(column, below) +
    (u - column) * (at(right, below) - at(column, below));
  return upper + (v - row) * (lower - upper);
}
