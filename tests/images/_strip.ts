/** A strip of patches of known colours. */
import { decodePixels } from "@/images/mod.ts";
import { assert, assertEquals } from "@std/assert";
import type { Triple } from "./_colour_spaces.ts";

/** In sRGB; each becomes a square patch of a strip. */
export const colours: readonly Triple[] = [
  [200, 30, 30],
  [30, 180, 40],
  [30, 40, 200],
  [128, 128, 128],
  [14, 10, 8],
  [250, 240, 230],
  [255, 255, 255],
  [0, 0, 0],
];
export const side = 16;
export const width = side * colours.length;
export const height = side;

/** The samples of the strip, from those of each patch's pixel. */
export function strip(patches: readonly (readonly number[])[]): number[] {
  const row = patches.flatMap((pixel) =>
    Array.from({ length: side }, () => pixel).flat()
  );
  return Array.from({ length: height }, () => row).flat();
}

/** Compares the middles of the patches with the right colours. */
export async function assertColours(
  name: string,
  bytes: Uint8Array,
  expected: readonly (readonly number[])[],
  limit: number,
): Promise<void> {
  const { data, ...size } = await decodePixels(bytes);
  assertEquals(size, { width, height }, name);
  const middle = (height / 2) * width;
  expected.forEach((colour, i) => {
    const at = (middle + i * side + side / 2) * 3;
    const got = [...data.subarray(at, at + 3)];
    const worst = Math.max(...got.map((v, c) => Math.abs(v - colour[c]!)));
    assert(
      worst <= limit,
      `${name}: ${got} and not ${colour.map(Math.round)}, patch ${i}`,
    );
  });
}
