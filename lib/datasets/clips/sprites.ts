/**
 * Clips of moving shapes, specialised content for codecs that are trained: what
 * the shapes look like stays, where they are changes.
 *
 * @module
 */
import { type Random, randomInteger } from "@/random/seeded_random.ts";

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

/**
 * Draws lots for what a clip's shapes look like.
 *
 * @param random The stream.
 * @returns Two shapes on a ground.
 */
export function drawLook(random: Random): SpriteLook {
  const colour = () => [0, 1, 2].map(() => randomInteger(random, 20, 235));
  const shape = (): Look => ({
    inside: shapes[randomInteger(random, 0, shapes.length - 1)]!,
    colours: [colour(), colour()],
    radius: 0.13 + 0.1 * random(),
  });
  return { ground: [colour(), colour()], shapes: [shape(), shape()] };
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
    const placed = look.shapes.map((shape, i) => {
      const { x, y, speedX, speedY, angle, turn } = paths[i]!;
      const centre = (start: number, speed: number) =>
        bounce(start + speed * t, shape.radius);
      const [sin, cos] = [
        Math.sin(angle + turn * t),
        Math.cos(angle + turn * t),
      ];
      return { shape, x: centre(x, speedX), y: centre(y, speedY), sin, cos };
    });
    const colourAt = (x: number, y: number, channel: number) => {
      for (const { shape, sin, cos, ...centre } of placed.toReversed()) {
        const [dx, dy] = [
          (x - centre.x) / shape.radius,
          (y - centre.y) / shape.radius,
        ];
        const [u, v] = [cos * dx + sin * dy, cos * dy - sin * dx];
        if (shape.inside(u, v)) return shape.colours[v > 0 ? 1 : 0][channel]!;
      }
      const [top, bottom] = look.ground;
      return top[channel]! + y * (bottom[channel]! - top[channel]!);
    };
    fillFrame(bytes.subarray(t * frameBytes), side, colourAt);
  }
  return bytes;
}

/** Averages samples of each pixel. */
function fillFrame(
  frame: Uint8Array,
  side: number,
  colourAt: (x: number, y: number, channel: number) => number,
): void {
  const fine = side * FINE;
  for (let pixel = 0; pixel < side * side; pixel++) {
    const [left, top] = [pixel % side * FINE, Math.floor(pixel / side) * FINE];
    for (let channel = 0; channel < 3; channel++) {
      let sum = 0;
      for (let i = 0; i < FINE * FINE; i++) {
        const x = left + i % FINE + 0.5, y = top + Math.floor(i / FINE) + 0.5;
        sum += colourAt(x / fine, y / fine, channel);
      }
      frame[pixel * 3 + channel] = Math.round(sum / (FINE * FINE));
    }
  }
}

/** A place that is reflected at the edges. */
function bounce(place: number, radius: number): number {
  const room = 1 - 2 * radius;
  const folded = Math.abs((place - radius) % (2 * room));
  return radius + (folded > room ? 2 * room - folded : folded);
}
