/**
 * Clips of moving shapes, specialised content for codecs that are trained: what
 * the shapes look like stays, where they are changes.
 *
 * @module
 */
import { type Random, randomInteger, shuffle } from "@/random/seeded_random.ts";

/** Samples of a pixel along each side. */
const FINE = 2;

/** Whether a point in -1..1 is inside of a shape. */
const shapes: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => x * x + y * y < 1,
  (x, y) => Math.max(Math.abs(x), Math.abs(y)) < 0.8,
  (x, y) => y > -0.6 && y < 1 - 1.6 * Math.abs(x),
  (x, y) => Math.abs(Math.hypot(x, y) - 0.72) < 0.28,
  (x, y) => Math.min(Math.abs(x), Math.abs(y)) < 0.3 && x * x + y * y < 1,
];

type Colour = readonly number[];

/** What one shape looks like. */
interface Look {
  readonly inside: (x: number, y: number) => boolean;
  readonly colours: readonly [Colour, Colour];
  readonly radius: number;
}

/** What a clip's shapes look like. */
export interface SpriteLook {
  /** Colours at the top and at the bottom. */
  readonly ground: readonly [Colour, Colour];
  /** From back to front. */
  readonly shapes: readonly Look[];
}

/** Few colours, so that what is learned of some clips holds for others. */
const palette: readonly Colour[] = [
  [214, 68, 60],
  [232, 178, 62],
  [92, 168, 88],
  [66, 134, 196],
  [150, 96, 178],
  [222, 222, 214],
];

const dark = (colour: Colour) => colour.map((value) => Math.round(0.6 * value));

/**
 * Draws lots for what a clip's shapes look like.
 *
 * @param random The stream.
 * @returns Two shapes on a ground, of other colours each.
 */
export function drawLook(random: Random): SpriteLook {
  const [ground, ...others] = shuffle(palette, random).slice(0, 3);
  const shape = (colour: Colour): Look => ({
    inside: shapes[randomInteger(random, 0, shapes.length - 1)]!,
    colours: [colour, dark(colour)],
    radius: randomInteger(random, 0, 1) === 0 ? 0.15 : 0.2,
  });
  return { ground: [ground!, dark(ground!)], shapes: others.map(shape) };
}

/**
 * Makes a clip of shapes that move on straight lines, turn, and bounce off the
 * edges.
 *
 * @param look What they look like.
 * @param side Width and height in pixels.
 * @param frames Number of frames.
 * @param random Decides the motion.
 * @returns `[frames, side, side, 3]`, 0..255.
 */
export function makeSprites(
  look: SpriteLook,
  side: number,
  frames: number,
  random: Random,
): Uint8Array {
  const between = (from: number, to: number) => from + (to - from) * random();
  const paths = look.shapes.map(({ radius }) => ({
    x: between(radius, 1 - radius),
    y: between(radius, 1 - radius),
    speedX: between(-0.06, 0.06),
    speedY: between(-0.06, 0.06),
    angle: between(0, 6.3),
    turn: between(-0.2, 0.2),
  }));
  const frameBytes = side * side * 3;
  const bytes = new Uint8Array(frames * frameBytes);
  for (let t = 0; t < frames; t++) {
    const frame = bytes.subarray(t * frameBytes, (t + 1) * frameBytes);
    fillGround(frame, side, look.ground);
    look.shapes.forEach((shape, i) => {
      const { x, y, speedX, speedY, angle, turn } = paths[i]!;
      drawShape(frame, side, shape, {
        x: bounce(x + speedX * t, shape.radius),
        y: bounce(y + speedY * t, shape.radius),
        angle: angle + turn * t,
      });
    });
  }
  return bytes;
}

function fillGround(
  frame: Uint8Array,
  side: number,
  [top, bottom]: SpriteLook["ground"],
): void {
  for (let i = 0; i < frame.length; i++) {
    const y = (Math.floor(i / (3 * side)) + 0.5) / side;
    const [from, to] = [top[i % 3]!, bottom[i % 3]!];
    frame[i] = Math.round(from + y * (to - from));
  }
}

/** Draws a shape over what is there, with smooth edges. */
function drawShape(
  frame: Uint8Array,
  side: number,
  { inside, colours, radius }: Look,
  { x, y, angle }: { x: number; y: number; angle: number },
): void {
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const from = (centre: number) =>
    Math.max(0, Math.floor((centre - 1.2 * radius) * side));
  const to = (centre: number) =>
    Math.min(side, Math.ceil((centre + 1.2 * radius) * side));
  for (let row = from(y); row < to(y); row++) {
    for (let column = from(x); column < to(x); column++) {
      const counts = [0, 0];
      for (let i = 0; i < FINE * FINE; i++) {
        const dx = (column + (i % FINE + 0.5) / FINE) / side - x;
        const dy = (row + (Math.floor(i / FINE) + 0.5) / FINE) / side - y;
        const u = (cos * dx + sin * dy) / radius;
        const v = (cos * dy - sin * dx) / radius;
        if (inside(u, v)) counts[v > 0 ? 1 : 0]!++;
      }
      const [upper, lower] = counts.map((count) => count / FINE ** 2);
      if (upper! + lower! === 0) continue;
      const at = (row * side + column) * 3;
      for (let channel = 0; channel < 3; channel++) {
        frame[at + channel] = Math.round(
          (1 - upper! - lower!) * frame[at + channel]! +
            upper! * colours[0][channel]! + lower! * colours[1][channel]!,
        );
      }
    }
  }
}

/** A place that is reflected at the edges. */
function bounce(place: number, radius: number): number {
  const room = 1 - 2 * radius;
  const folded = Math.abs((place - radius) % (2 * room));
  return radius + (folded > room ? 2 * room - folded : folded);
}
