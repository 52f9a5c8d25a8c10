/** Generated photos, pairs and folders for the tests of this room. */
import { seededRandom } from "@/random/seeded_random.ts";
import { SharedPairs } from "@/datasets/mod.ts";
import { type Pixels, writeImage } from "@/images/mod.ts";
import type { SectionContext, SectionName } from "@/experiment/types.ts";

/** A smooth picture with some grain that depends on a key alone. */
export function drawPhoto(side: number, key: string): Pixels {
  const random = seededRandom("photo", key);
  const waves = Array.from({ length: 3 }, () => [
    random() * 9,
    random() * 9,
    random() * 6,
  ]);
  const data = new Uint8Array(side * side * 3);
  let at = 0;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const grain = 20 * (random() - 0.5);
      for (const [a, b, c] of waves) {
        const wave = Math.sin((a! * x + b! * y) / side + c!);
        data[at++] = 128 + 90 * wave + grain;
      }
    }
  }
  return { width: side, height: side, data };
}

/** Pairs of such photos, the medium one a corner of the high one. */
export function drawPairs(count: number, highSize: number): SharedPairs {
  const names = Array.from({ length: count }, (_, i) => `photo ${i}`);
  return SharedPairs.from(
    "test",
    highSize,
    names,
    names.map((name) => ({
      high: drawPhoto(highSize, name).data,
      medium: drawPhoto(highSize / 2, name).data,
    })),
  );
}

/** Where a test's photos, caches and results are. */
export interface Workplace {
  /** 6 photos for training and one for each other split. */
  readonly photos: string;
  /** For the environment variable `ONECODE_DATA`. */
  readonly data: string;
  /** For results. */
  readonly out: string;
}

/** Makes photos and folders for one test, and removes them in the end. */
export async function withWorkplace(
  work: (place: Workplace) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  const before = Deno.env.get("ONECODE_DATA");
  const place = {
    photos: `${folder}/photos`,
    data: `${folder}/data`,
    out: `${folder}/results`,
  };
  try {
    await Deno.mkdir(place.photos);
    for (let i = 0; i < 8; i++) {
      await writeImage(`${place.photos}/${i}.png`, drawPhoto(360, `${i}`));
    }
    await Deno.writeTextFile(`${place.photos}/broken.jpg`, "no photo");
    Deno.env.set("ONECODE_DATA", place.data);
    await work(place);
  } finally {
    if (before === undefined) Deno.env.delete("ONECODE_DATA");
    else Deno.env.set("ONECODE_DATA", before);
    await Deno.remove(folder, { recursive: true });
  }
}

/** What a section is given in a test. */
export function makeContext(
  section: SectionName,
  { photos, out }: Workplace,
  changes: Partial<SectionContext> = {},
): SectionContext {
  return {
    profile: "quick",
    seed: 1,
    data: photos,
    folder: `${out}/${section}`,
    controls: {},
    ...changes,
  };
}
