/** The search for a layered AVIF, on files whose size and error are known. */
import type { PhotoContext } from "@/evaluation/storage/measure_photo.ts";
import {
  measureLayeredAvif,
  measureProgressive,
} from "@/evaluation/storage/measure_rivals.ts";
import type {
  AvifTune,
  LayeredAvif,
  LayeredAvifSettings,
  ProgressiveCodec,
} from "@/evaluation/storage/rivals.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import type { Pixels } from "@/images/mod.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";

function black(side: number): Pixels {
  return { width: side, height: side, data: new Uint8Array(side * side * 3) };
}

/** Each step of quality takes a tenth from the error and adds 5 % of bytes. */
const WRONG = { offset: 20, share: (quality: number) => 0.9 ** quality };
const size = (quality: number) => 1000 * 1.05 ** quality;

function psnrOf(quality: number, side: number): number {
  const values = side * side * 3;
  const wrong = Math.round(values * WRONG.share(quality));
  return 10 * Math.log10(255 ** 2 * values / (wrong * WRONG.offset ** 2));
}

/** Files say their side and quality; that of a bad tune is a tenth larger. */
function toyAvif(worse: AvifTune): {
  avif: LayeredAvif;
  encoded: LayeredAvifSettings[];
} {
  const encoded: LayeredAvifSettings[] = [];
  const file = (side: number, quality: number, bytes: number) => {
    const made = new Uint8Array(Math.round(bytes));
    made.set([side, quality]);
    return made;
  };
  const avif: LayeredAvif = {
    key: "toy",
    encode: ({ width }, settings) => {
      encoded.push(settings);
      const { tune, mediumQuality, highQuality = 0 } = settings;
      const scale = tune === worse ? 1.1 : 1;
      const first = scale * size(mediumQuality);
      return Promise.resolve({
        file: file(width, highQuality, first + scale * 2 * size(highQuality)),
        firstLayer: file(width / 2, mediumQuality, first),
      });
    },
    decode: (made) => {
      const [side, quality] = made as unknown as [number, number];
      const { data, ...shape } = black(side);
      const wrong = Math.round(data.length * WRONG.share(quality));
      return Promise.resolve({
        ...shape,
        data: data.fill(WRONG.offset, 0, wrong),
      });
    },
  };
  return { avif, encoded };
}

async function withPhoto(
  work: (photo: PhotoContext) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await work({
      key: "photo",
      read: () =>
        Promise.resolve({ name: "photo", full: black(64), half: black(32) }),
      cache: await MeasurementCache.open(folder),
      machine: "machine",
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Halfway between two qualities of each layer. */
const targets = {
  mediumDb: (psnrOf(29, 32) + psnrOf(30, 32)) / 2,
  highDb: (psnrOf(19, 64) + psnrOf(20, 64)) / 2,
};

Deno.test("a layered AVIF is searched layer by layer, and once", async () => {
  await withPhoto(async (photo) => {
    const { avif, encoded } = toyAvif("ssim");
    const found = await measureLayeredAvif(avif, photo, targets);
    assertEquals(found.tune, "psnr");
    assertEquals([found.medium.quality, found.high.quality], [30, 20]);
    assertEquals([found.medium.reach, found.high.reach], ["within", "within"]);
    // Both layers count as halfway between their qualities.
    assertAlmostEquals(found.medium.bytes, size(29.5), 2);
    assertAlmostEquals(found.high.bytes, size(29.5) + 2 * size(19.5), 4);
    // The first layer is searched with a second one that costs no time.
    assert(encoded.some(({ highQuality }) => highQuality === undefined));

    const { length } = encoded;
    assertEquals(await measureLayeredAvif(avif, photo, targets), found);
    assertEquals(encoded.length, length);
  });
});

Deno.test("of the tunes of a layered AVIF the smaller file counts", async () => {
  await withPhoto(async (photo) => {
    const { avif } = toyAvif("psnr");
    const { tune } = await measureLayeredAvif(avif, photo, targets);
    assertEquals(tune, "ssim");
  });
});

Deno.test("a first layer may also be close to its own scaling of the photo", async () => {
  await withPhoto(async (photo) => {
    const { avif } = toyAvif("ssim");
    const found = await measureLayeredAvif(avif, photo, targets);
    // The photo by another filter: no first layer comes close to it.
    const shifted = {
      ...photo,
      key: "shifted",
      read: async () => {
        const { half, ...images } = await photo.read();
        return { ...images, half: { ...half, data: half.data.map(() => 99) } };
      },
    };
    const again = await measureLayeredAvif(avif, shifted, targets);
    assertEquals(again.medium, found.medium);
    assertEquals(again.high, found.high);
  });
});

Deno.test("a target above the best first layer is not reached", async () => {
  await withPhoto(async (photo) => {
    const { avif } = toyAvif("psnr");
    const high = { ...targets, mediumDb: 100 };
    const { medium } = await measureLayeredAvif(avif, photo, high);
    assertEquals(medium.reach, "above");
  });
});

/**
 * A file has 100 bytes per step of quality, all of its number; a prefix of it is
 * as good as a file of so many bytes.
 */
function toyProgressive(): ProgressiveCodec {
  const decode = (file: Uint8Array, side: number) => {
    const { data, ...shape } = black(side);
    const wrong = Math.round(data.length * WRONG.share(file.length / 100));
    return Promise.resolve({
      ...shape,
      data: data.fill(WRONG.offset, 0, wrong),
    });
  };
  return {
    id: "toy",
    name: "Toy",
    qualities: [],
    range: { low: 1, high: 99, whole: true },
    encode: (_photo, quality) => Promise.resolve(new Uint8Array(100 * quality)),
    decode: (file) => decode(file, 64),
    decodeHalf: (file) => decode(file, 32),
    decodePrefix: (file) =>
      file.length < 300 ? Promise.resolve(undefined) : decode(file, 32),
  };
}

Deno.test("the shortest prefix of a progressive file that is good enough counts", async () => {
  await withPhoto(async (photo) => {
    const targets = { mediumDb: psnrOf(12, 32), highDb: psnrOf(40, 64) };
    const found = await measureProgressive(
      ...[toyProgressive(), "key", photo, targets] as const,
    );
    assertEquals([found.both.quality, found.both.reach], [40, "within"]);
    // A step of prefixes is 8 bytes.
    assertAlmostEquals(found.mediumBytes, 1200, 8);
  });
});

Deno.test("a progressive file is as good as the medium image needs it", async () => {
  await withPhoto(async (photo) => {
    const targets = { mediumDb: psnrOf(40, 32), highDb: psnrOf(12, 64) };
    const { both, mediumBytes } = await measureProgressive(
      ...[toyProgressive(), "key", photo, targets] as const,
    );
    assertEquals(both.quality, 40);
    assertAlmostEquals(mediumBytes, both.bytes, 8);
  });
});
