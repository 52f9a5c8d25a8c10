/** Latents to planes and back, in whole numbers. */
import { CHANNELS, cosine } from "@/codec/transform/colour_dct.ts";
import {
  toFrameLatents,
  toFramePlanes,
} from "@/codec/transform/frame_planes.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assert, assertEquals, assertLess } from "@std/assert";

/** A superblock of each size of blocks, side by side. */
const blocks = {
  rows: 8,
  columns: 64,
  sizes: Uint8Array.from({ length: 512 }, (_, i) => Math.floor(i % 64 / 8)),
};

function randomLatents(channels: number): Int16Array<ArrayBuffer> {
  const random = seededRandom("latents", channels);
  return Int16Array.from(
    { length: 512 * channels },
    () => Math.round(160 * (random() - 0.5)),
  );
}

for (
  const [name, side, channels] of [["high", 8, 192], ["medium", 4, 48]] as const
) {
  Deno.test(`latents of the ${name} frame come back from its planes`, () => {
    const latents = randomLatents(channels);
    // A step of 8 grey levels, then one of 1/4.
    for (const [logStep, most] of [[-144, 1], [96, 16]] as const) {
      const planes = toFramePlanes({ blocks, latents, logStep, side });
      assertEquals([planes.height, planes.width], [8 * side, 64 * side]);
      const back = toFrameLatents({ blocks, planes, logStep, side });
      back.forEach((latent, i) =>
        assertLess(Math.abs(latent - latents[i]!), most + 1)
      );
    }
  });
}

Deno.test("a mean is an even plane, of one grey level here", () => {
  // The first channel of a block of 64 x 64 pixels, whose mean is 64 times it.
  const latents = new Int16Array(512 * CHANNELS);
  latents[24 * CHANNELS] = 16 * 64;
  const { values } = toFramePlanes({ blocks, latents, logStep: 0, side: 8 });
  values.forEach((value, i) => {
    const isThere = i < 64 * 512 && Math.floor(i % 512 / 64) === 3;
    assertEquals(value, isThere ? 8 : 0);
  });
});

Deno.test("copied superblocks keep their planes, and are left out of latents", () => {
  const latents = randomLatents(192), other = latents.map((value) => -value);
  const source = { blocks, logStep: -144, side: 8 };
  const planes = toFramePlanes({ ...source, latents });
  const copied = Uint8Array.of(0, 1, 0, 0, 0, 0, 0, 0);
  const mixed = toFramePlanes({
    ...{ ...source, latents: other },
    kept: { copied, planes },
  });
  const whole = toFramePlanes({ ...source, latents: other });
  mixed.values.forEach((value, i) => {
    const isCopied = Math.floor(i % 512 / 64) === 1;
    assertEquals(value, (isCopied ? planes : whole).values[i]);
  });
  const back = toFrameLatents({ ...source, planes, skipped: copied });
  assert(back.subarray(8 * 192, 16 * 192).every((latent) => latent === 0));
  assert(back.subarray(0, 8 * 192).some((latent) => latent !== 0));
});

Deno.test("no cosine is so near a half that engines could round it apart", () => {
  for (const size of [4, 8, 16, 32, 64]) {
    for (let i = 0; i < size * size; i++) {
      const exact = 2 ** 14 * cosine(size, Math.floor(i / size), i % size);
      assertLess(1e-6, Math.abs(exact - Math.floor(exact) - 0.5));
    }
  }
});
