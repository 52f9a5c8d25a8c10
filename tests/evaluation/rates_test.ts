/** Rate and quality of codecs, on two small photos. */
import { jpeg, measureFile } from "@/baselines/mod.ts";
import { decodeImage, encodeImage, parseHeader } from "@/codec/mod.ts";
import { RefiningEncoder } from "@/codec/refine/refining_encoder.ts";
import { halveImage, type Pixels, readImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import {
  type Contestant,
  contestantKey,
  others,
  ours,
  oursRefined,
} from "@/evaluation/contestants.ts";
import { photoKey, photosToMeasure, readPhoto } from "@/evaluation/photos.ts";
import { deltaRates, keepCurves, measureRates } from "@/evaluation/rates.ts";
import type { CodecCurve } from "@/evaluation/results.ts";
import { summarizeRates } from "@/evaluation/tables.ts";
import { UserError } from "@/errors/user_error.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { type Toy, withToy } from "./_codec_measurement.ts";

function contestants({ loaded, count }: Toy): Contestant[] {
  return [
    count(ours(loaded), [1, 50, 100]),
    ...others.map((codec) => {
      const { qualities } = codec;
      return count(codec, [qualities[2]!, qualities.at(-2)!]);
    }),
  ];
}

Deno.test("points are means over photos of real files at both sizes", async () => {
  await withToy(async (toy) => {
    const before = tf.memory().numTensors;
    const measurement = await toy.open();
    const rates = await measureRates(measurement, contestants(toy));
    assertEquals(tf.memory().numTensors, before);

    const { fingerprint } = measurement.set;
    assertEquals(rates.dataset, { name: "My photos", fingerprint, photos: 2 });
    assertEquals(rates.codecs.map(({ id }) => id), [
      "ours",
      "jpeg",
      "webp",
      "avif",
      "jpegXl",
      "jpeg2000",
    ]);
    assertEquals(Object.keys(rates.bdRate), [
      "jpeg",
      "webp",
      "avif",
      "jpegXl",
      "jpeg2000",
    ]);
    assertMatch(rates.versions.sharp, /^\d+\.\d+\.\d+$/);
    const [own, ofJpeg] = rates.codecs;

    // By hand, from the files themselves.
    const photos = await Promise.all(
      measurement.set.photos.map(({ path }) => readImage(path)),
    );
    const point = own!.points[1]!;
    let bits = 0, halfBits = 0, decibels = 0, halfDecibels = 0;
    for (const photo of photos) {
      const file = await encodeImage(toy.loaded, photo, { quality: 50 });
      const { mediumBytes } = parseHeader(file);
      const part = file.subarray(0, mediumBytes);
      const { high } = await decodeImage(toy.loaded, file);
      const { medium } = await decodeImage(toy.loaded, part);
      const half = await halveImage(photo);
      const pixels = photo.width * photo.height;
      bits += 8 * file.length / pixels / 2;
      halfBits += 8 * mediumBytes / pixels / 2;
      decibels += psnr(high!.data, photo.data) / 2;
      halfDecibels += psnr(medium!.data, half.data) / 2;
    }
    assertAlmostEquals(point.bpp, bits, 1e-9);
    assertAlmostEquals(point.halfBpp!, halfBits, 1e-9);
    assertAlmostEquals(point.psnrDb, decibels, 1e-9);
    assertAlmostEquals(point.halfPsnrDb!, halfDecibels, 1e-9);

    const ofPhotos = await Promise.all(
      photos.map(async (photo) => {
        const { quality } = ofJpeg!.points[0]!;
        const bytes = await jpeg.encode(photo, quality);
        return await measureFile(jpeg, photo, { quality, bytes });
      }),
    );
    const sum = (read: (point: typeof ofPhotos[0]) => number) =>
      ofPhotos.reduce((total, point) => total + read(point) / 2, 0);
    assertAlmostEquals(ofJpeg!.points[0]!.bpp, sum(({ bpp }) => bpp), 1e-9);
    assertAlmostEquals(
      ofJpeg!.points[0]!.msssim,
      sum(({ msssim }) => msssim),
      1e-9,
    );
    assertEquals(ofJpeg!.points[0]!.halfBpp, undefined);
    assertEquals(toy.progress.at(-1)!.done, toy.progress.at(-1)!.total);
  });
});

Deno.test("a measurement that was stopped goes on, and repeats nothing", async () => {
  await withToy(async (toy) => {
    const few = (toy: Toy) => contestants(toy).slice(0, 3);
    const controller = new AbortController();
    const stopping = few(toy).map((contestant) => ({
      ...contestant,
      encode: (...args: Parameters<Contestant["encode"]>) => {
        const file = contestant.encode(...args);
        if (toy.encoded.length === 4) controller.abort(new Error("Enough."));
        return file;
      },
    }));
    const first = await toy.open(controller.signal);
    await assertRejects(() => measureRates(first, stopping), Error, "Enough.");
    assertEquals(toy.encoded.length, 4);

    const rates = await measureRates(await toy.open(), few(toy));
    const perPhoto = ["ours 1", "ours 50", "ours 100"].concat(
      [1, 2].flatMap((i) =>
        rates.codecs[i]!.points.map(({ quality }) =>
          `${rates.codecs[i]!.id} ${quality}`
        )
      ),
    );
    assertEquals(toy.encoded, [...perPhoto, ...perPhoto]);
    assertEquals(await measureRates(await toy.open(), few(toy)), rates);
    assertEquals(toy.encoded.length, 2 * perPhoto.length);
  });
});

Deno.test("curves of other codecs are kept if photos and versions are the same", async () => {
  await withToy(async (toy) => {
    const few = contestants(toy).slice(0, 3);
    const measurement = await toy.open();
    const all = await measureRates(measurement, few);
    const { length } = toy.encoded;
    const kept = keepCurves(all, measurement.set);
    assertEquals(kept, all.codecs.slice(1));
    const { kept: ids, ...again } = await measureRates(
      measurement,
      few.slice(0, 1),
      kept,
    );
    assertEquals(ids, ["jpeg", "webp"]);
    assertEquals(again, all);
    assertEquals(toy.encoded.length, length);
    assertEquals(
      summarizeRates({ ...again, kept: ids! })[0],
      "kept from the earlier measurement: JPEG, WebP",
    );

    const [photo] = measurement.set.photos;
    assertThrows(
      () => keepCurves(all, { ...measurement.set, photos: [photo!] }),
      UserError,
      'are of 2 photos of "My photos", not of these 1',
    );
    assertThrows(
      () => keepCurves(all, measurement.set, { ...all.versions, webp: "0" }),
      UserError,
      `are of webp ${all.versions.webp}, not of 0`,
    );
    // What ours runs on does not matter to them.
    const versions = { ...all.versions, tensorflow: "0" };
    assertEquals(keepCurves(all, measurement.set, versions), kept);
  });
});

Deno.test("files are scored by SSIMULACRA 2 if that runs", async () => {
  await withToy(async (toy) => {
    const measurement = await toy.open();
    const ssimulacra2 = {
      library: "toy 1",
      score: (image: Pixels, original: Pixels) =>
        Promise.resolve(psnr(image.data, original.data) + 1),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const [own, ofJpeg] = contestants(toy);
    const unscored = curve("unscored", 1);
    const rates = await measureRates(
      { ...measurement, ssimulacra2 },
      [own!, ofJpeg!],
      [unscored],
    );
    for (const { points } of rates.codecs.slice(0, 2)) {
      for (const { ssimulacra2, psnrDb } of points) {
        assertAlmostEquals(ssimulacra2!, psnrDb + 1, 1e-9);
      }
    }
    assertEquals(Object.keys(rates.bdRateSsimulacra2!), ["jpeg"]);
    assertEquals(Object.keys(rates.bdRate), ["jpeg", "unscored"]);
    assertEquals(rates.ssimulacra2Library, "toy 1");
  });
});

Deno.test("a contestant's key changes with its settings, and only with them", async () => {
  const webp = others.find(({ id }) => id === "webp")!;
  const finer: Contestant = {
    ...webp,
    encode: (photo, quality) => webp.encode(photo, quality + 1),
  };
  assertEquals(await contestantKey(webp), await contestantKey({ ...webp }));
  assertNotEquals(await contestantKey(webp), await contestantKey(finer));
});

function curve(id: string, times: number): CodecCurve {
  const points = [26, 29, 32, 35, 38].map((psnrDb, quality) => ({
    quality,
    bpp: times * 0.1 * 2 ** quality,
    psnrDb,
    msssim: 0.9 + quality / 50,
  }));
  // A setting that is worth nothing: more bits for less.
  const worse = { quality: 9, bpp: times * 0.9, psnrDb: 34, msssim: 0.95 };
  return { id, name: id, points: [...points, worse] };
}

Deno.test("delta rates are ours against each, or null", () => {
  const far = curve("far", 1);
  const curves = [
    curve("ours", 1),
    curve("twice", 2),
    curve("half", 0.5),
    {
      ...far,
      points: far.points.map((p) => ({ ...p, psnrDb: p.psnrDb + 40 })),
    },
  ];
  const rates = deltaRates(curves, "psnrDb");
  assertAlmostEquals(rates["twice"]!, -50, 1e-9);
  assertAlmostEquals(rates["half"]!, 100, 1e-9);
  assertEquals(rates["far"], null);
  assertAlmostEquals(deltaRates(curves, "msssim")["twice"]!, -50, 1e-9);
});

Deno.test("photos are chosen by set, and a folder of Kodak's is Kodak", async () => {
  const starter = await photosToMeasure("starter");
  assertEquals([starter.file, starter.photos.length], ["starter", 12]);
  const [photo] = starter.photos;
  const { width, height } = await readPhoto(photo!);
  assertEquals(Math.max(width, height), 768);
  const original = await readImage(photo!.path);
  assertAlmostEquals(width / height, original.width / original.height, 0.01);
  assertEquals(photoKey(photo!), `${photo!.sha256} 768`);
  // One that is small enough stays as it is.
  assertEquals(await readPhoto({ ...photo!, longestSide: 4096 }), original);
  await withToy(async (toy) => {
    const { set } = await toy.open();
    assertEquals([set.file, set.name], ["folder_my_photos", "My photos"]);
    const folder = `${toy.out}/kodak copy`;
    await Deno.mkdir(folder, { recursive: true });
    const photo = await Deno.readFile(set.photos[0]!.path);
    for (let i = 1; i <= 24; i++) {
      const name = `kodim${String(i).padStart(2, "0")}.png`;
      await Deno.writeFile(`${folder}/${name}`, photo);
    }
    const kodak = await photosToMeasure(folder);
    assertEquals([kodak.file, kodak.photos.length], ["kodak", 24]);
  });
});

Deno.test("ours with effort stands beside ours without", async () => {
  await withToy(async (toy) => {
    const { loaded, count } = toy;
    using encoder = new RefiningEncoder(loaded);
    const codecs = [
      count(ours(loaded), [50, 60, 70, 80]),
      count(oursRefined(loaded, encoder, 4), [50, 60, 70, 80]),
      count(others[0]!, [20, 40, 60, 80]),
    ];
    const rates = await measureRates(await toy.open(), codecs);
    const [plain, refined, jpeg] = rates.codecs;
    assertEquals([refined!.name, plain!.name], ["Ours, effort 4", "Ours"]);
    assertEquals(rates.bdRate, deltaRates([plain!, jpeg!], "psnrDb"));
    assertEquals(
      rates.bdRateWithEffort,
      deltaRates([refined!, jpeg!], "psnrDb"),
    );
    assertNotEquals(refined!.points, plain!.points);
    // Its half is a part of the file, too.
    for (const { bpp, halfBpp } of refined!.points) assert(halfBpp! < bpp);
  });
});

/** A codec that loses nothing at quality 2 and much at quality 1. */
function nearlyLossless(): Contestant {
  let last: Pixels | undefined;
  const decode = (file: Uint8Array) => {
    const photo = last!;
    const data = photo.data.map((value) => file.length === 2 ? value : 0);
    return Promise.resolve({ ...photo, data });
  };
  return {
    id: "exact",
    name: "Exact",
    qualities: [1, 2],
    range: { low: 1, high: 2, whole: true },
    encode: (photo, quality) => {
      last = photo;
      return Promise.resolve(new Uint8Array(quality));
    },
    decode,
    decodeHalf: async (file) => await halveImage(await decode(file)),
  };
}

Deno.test("photos without any loss count as 60 dB, and are reported", async () => {
  await withToy(async (toy) => {
    const measurement = await toy.open();
    const rates = await measureRates(measurement, [nearlyLossless()]);
    const [poor, exact] = rates.codecs[0]!.points;
    assertEquals([exact!.psnrDb, exact!.halfPsnrDb], [60, 60]);
    assertEquals([poor!.capped, exact!.capped], [undefined, 2]);
    assertEquals(JSON.stringify(rates).includes("null"), false);
    assertEquals(summarizeRates(rates), [
      "Exact, quality 2: 2 of 2 photos lost nothing or next to nothing and " +
      "count as 60 dB",
    ]);
  });
});
