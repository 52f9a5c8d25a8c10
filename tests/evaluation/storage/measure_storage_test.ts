/** Ways of keeping two sizes at equal PSNR, on small photos and by hand. */
import { parseHeader } from "@/codec/mod.ts";
import { halveImage, readImage } from "@/images/mod.ts";
import { mean, psnr } from "@/metrics/mod.ts";
import { others, ours, oursAlone } from "@/evaluation/contestants.ts";
import { measureStorage } from "@/evaluation/storage/measure_storage.ts";
import type { LeastBytes } from "@/evaluation/storage/least_bytes.ts";
import {
  againstLayeredAvif,
  layeredPercent,
  meanRow,
  meanTarget,
} from "@/evaluation/storage/means.ts";
import {
  type StorageCase,
  type StorageScheme,
  storageSchemes,
} from "@/evaluation/storage/schemes.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { type Toy, withToy } from "../_codec_measurement.ts";

/** JPEG and two files of ours can meet what the layered file of it gives. */
const QUALITY = 20;

function codecs({ loaded, count }: Toy) {
  return {
    layered: count(ours(loaded)),
    simulcast: count(oursAlone(loaded)),
    others: others.filter(({ id }) => id === "jpeg").map((codec) =>
      count(codec)
    ),
  };
}

Deno.test("each way of storage is measured at equal PSNR, and once", async () => {
  await withToy(async (toy) => {
    const before = tf.memory().numTensors;
    const find = async () =>
      await measureStorage(await toy.open(), codecs(toy), [QUALITY]);
    const storage = await find();
    assertEquals(tf.memory().numTensors, before);
    assertEquals(storage.rows.map(({ way, codec }) => [codec, way]), [
      ["ours", "layered"],
      ["ours", "two files"],
      ["jpeg", "two files"],
      ["jpeg", "high only"],
    ]);
    assertEquals([storage.pairs, storage.sharedPairs], [2, 2]);
    const [layered, twoFiles, , jpegHigh] = storage.rows;
    const [target] = storage.targets;

    // The layered file and its targets, by hand.
    const { set } = await toy.open();
    const own = ours(toy.loaded);
    let bytes = 0, prefix = 0, mediumDb = 0, thumbnail = 0;
    for (const { path } of set.photos) {
      const photo = await readImage(path);
      const file = await own.encode(photo, QUALITY);
      const part = own.halfOf!(file);
      const half = await halveImage(photo);
      bytes += file.length / 2;
      prefix += part.length / 2;
      thumbnail += parseHeader(file).thumbnailBytes / 2;
      mediumDb += psnr((await own.decodeHalf(part)).data, half.data) / 2;
    }
    assertAlmostEquals(layered!.storedBytes!, bytes, 1e-9);
    assertAlmostEquals(layered!.mediumBytes!, prefix, 1e-9);
    assertAlmostEquals(target!.layeredBytes, bytes, 1e-9);
    assertAlmostEquals(target!.mediumDb, mediumDb, 1e-9);

    // The photo's own file has no coarse layer, so it is about as large.
    assertAlmostEquals(twoFiles!.highBytes! / bytes, 1, 0.1);
    assertAlmostEquals(
      twoFiles!.storedBytes!,
      twoFiles!.highBytes! + twoFiles!.mediumBytes!,
      1e-9,
    );
    assert(storage.layeredVsSimulcastPercent! < 0);
    assertEquals(
      target!.layeredVsSimulcastPercent,
      storage.layeredVsSimulcastPercent,
    );
    assertEquals(target!.layeredPercent.length, 4);

    // The table's means are those of the single photos.
    assertEquals(
      storage.photos!.map(({ photo, quality }) => [photo, quality]),
      set.photos.map(({ name }) => [name, QUALITY]),
    );
    for (const { way, codec, mediumBytes, highBytes } of storage.rows) {
      const files = storage.photos!.map(({ ways }) =>
        ways.find((found) => found.way === way && found.codec === codec)!
      );
      const mediums = files.map((found) => found.mediumBytes);
      assertAlmostEquals(mean(mediums), mediumBytes!, 1e-6);
      const highs = files.map((found) => found.highBytes);
      assertAlmostEquals(mean(highs), highBytes!, 1e-6);
    }

    // Only our layered file has a placeholder.
    const thumbnails = storage.photos!.map(({ ways }) =>
      ways.map((way) => way.thumbnailBytes)
    );
    assertAlmostEquals(mean(thumbnails.map(([own]) => own!)), thumbnail, 1e-9);
    for (const [, ...rest] of thumbnails) {
      assertEquals(rest.filter((bytes) => bytes !== undefined), []);
    }

    // Only a server that scales has work to do.
    assertEquals(layered!.serverCpuMs, { medium: 0, high: 0 });
    assertEquals(twoFiles!.serverCpuMs, { medium: 0, high: 0 });
    assertGreater(jpegHigh!.serverCpuMs!.medium, 0);
    assertGreater(jpegHigh!.mediumBytes!, 0);

    const { length } = toy.encoded;
    assertEquals(await find(), storage);
    assertEquals(toy.encoded.length, length);
  });
});

Deno.test("a measurement of storage that was stopped goes on", async () => {
  await withToy(async (toy) => {
    const controller = new AbortController();
    const few = codecs(toy);
    const stopping = {
      ...few,
      others: few.others.map((codec) => ({
        ...codec,
        decode: (file: Uint8Array) => {
          controller.abort(new Error("Enough."));
          return codec.decode(file);
        },
      })),
    };
    const stopped = await toy.open(controller.signal);
    await assertRejects(
      () => measureStorage(stopped, stopping, [QUALITY]),
      Error,
      "Enough.",
    );
    const { length } = toy.encoded;
    const storage = await measureStorage(await toy.open(), few, [QUALITY]);
    assertGreater(toy.encoded.length, length);
    // Nothing is made twice.
    const made = toy.encoded.length;
    assertEquals(
      await measureStorage(await toy.open(), few, [QUALITY]),
      storage,
    );
    assertEquals(toy.encoded.length, made);
    assertEquals(storage.rows.length, 4);
  });
});

function pair(layeredBytes: number, high: Partial<LeastBytes>): StorageCase {
  const found = { quality: 5, bytes: 100, reach: "within", ...high } as const;
  const layered = {
    bytes: layeredBytes,
    thumbnailBytes: 3,
    mediumBytes: 10,
    highDb: 30,
    mediumDb: 32,
    mediumCpuMs: 1,
    highCpuMs: 2,
  };
  const twoFiles = {
    high: found,
    medium: found,
    highCpuMs: 6,
    mediumCpuMs: 7,
  };
  const highOnly = {
    both: found,
    mediumBytes: 40,
    mediumDb: 31,
    serverCpuMs: 3,
    mediumCpuMs: 4,
    highCpuMs: 5,
  };
  return {
    photo: "a photo",
    quality: 5,
    layered,
    twoFiles: new Map([["x", twoFiles]]),
    highOnly: new Map([["x", highOnly]]),
  };
}

function kind(cpuMs: (pair: StorageCase) => number): StorageScheme {
  return {
    way: "high only",
    codec: "x",
    name: "X",
    store: (pair) => {
      const { both } = pair.highOnly.get("x")!;
      return {
        isReached: both.reach !== "above",
        storedBytes: both.bytes,
        mediumBytes: 1,
        highBytes: both.bytes,
        mediumLossDb: 0,
        serverCpuMs: { medium: cpuMs(pair), high: 0 },
        clientCpuMs: { medium: 0, high: 0 },
      };
    },
  };
}

Deno.test("what is not reached is counted, and is in no mean", () => {
  const x = kind(({ layered }) => layered.bytes);
  const pairs = [
    pair(80, {}),
    pair(90, {}),
    pair(60, { bytes: 120 }),
    pair(10, { reach: "above" }),
  ];
  assertAlmostEquals(layeredPercent(x, pairs)!, (-20 - 10 - 50) / 3, 1e-9);
  const row = meanRow(x, [x], pairs);
  assertEquals(row.reached, 3);
  assertAlmostEquals(row.storedBytes!, 320 / 3, 1e-9);
  assertEquals(row.serverCpuMs, { medium: 80, high: 0 });
  const none = meanRow(x, [x], pairs.slice(3));
  assertEquals([none.reached, none.storedBytes, none.serverCpuMs], [
    0,
    null,
    null,
  ]);
  assertEquals(layeredPercent(x, pairs.slice(3)), null);
});

/** A target whose rivals need 100 bytes and 20 for the medium image. */
function besideRivals(
  reach: LeastBytes["reach"],
  layeredBytes: number,
): StorageCase {
  const found = { quality: 5, bytes: 100, reach } as const;
  const times = { mediumCpuMs: 8, highCpuMs: 9 };
  const medium = { ...found, bytes: 20 };
  return {
    ...pair(layeredBytes, {}),
    rivals: {
      layeredAvif: { tune: "ssim", medium, high: found, ...times },
      jpeg2000: { both: found, mediumBytes: 30, ...times },
      jpegXl: { both: found, mediumBytes: 40, ...times },
    },
  };
}

Deno.test("rivals with both sizes in one file have rows and keys", () => {
  const [jpeg] = others;
  const never = () => Promise.reject(new Error("Nothing is encoded."));
  const codecs = {
    layered: jpeg!,
    simulcast: jpeg!,
    others: [],
    rivals: {
      layeredAvif: { key: "", encode: never, decode: never },
      jpeg2000: { ...jpeg!, id: "jpeg2000ByResolution", name: "JPEG 2000" },
      jpegXl: { ...jpeg!, id: "jpegXl", name: "JPEG XL", decodePrefix: never },
      versions: {},
    },
  };
  const schemes = storageSchemes(codecs).filter(({ codec }) =>
    codec !== jpeg!.id
  );
  assertEquals(schemes.map(({ name, way }) => [name, way]), [
    ["AVIF", "layered"],
    ["JPEG 2000", "by resolution"],
    ["JPEG XL", "progressive"],
  ]);
  const cases = [besideRivals("within", 80), besideRivals("within", 110)];
  const [avif, jpeg2000, jpegXl] = schemes.map((it) =>
    meanRow(it, schemes, cases)
  );
  assertEquals([avif!.storedBytes, avif!.mediumBytes], [100, 20]);
  assertEquals([jpeg2000!.storedBytes, jpeg2000!.mediumBytes], [100, 30]);
  assertEquals([jpegXl!.storedBytes, jpegXl!.mediumBytes], [100, 40]);
  assertEquals(avif!.clientCpuMs, { medium: 8, high: 9 });
  assertEquals(avif!.serverCpuMs, { medium: 0, high: 0 });

  const [layeredAvif] = schemes;
  const { layeredVsLayeredAvifPercent } = againstLayeredAvif(
    layeredAvif,
    [...cases, besideRivals("above", 1)],
  );
  assertAlmostEquals(layeredVsLayeredAvifPercent!.total, -5, 1e-9);
  assertAlmostEquals(layeredVsLayeredAvifPercent!.prefix, -50, 1e-9);
  const none = againstLayeredAvif(layeredAvif, [besideRivals("above", 1)]);
  assertEquals(none, { layeredVsLayeredAvifPercent: null });
});

Deno.test("without rivals a result has none of their rows and keys", () => {
  const [jpeg] = others;
  const codecs = { layered: jpeg!, simulcast: jpeg!, others: [] };
  const schemes = storageSchemes(codecs);
  assertEquals(schemes.map(({ way }) => way), ["layered", "two files"]);
  const simulcast = kind(() => 1);
  const compared = {
    schemes: [simulcast],
    simulcast,
    layeredAvif: undefined,
  };
  const target = meanTarget(5, [pair(80, {})], compared);
  assertEquals("layeredVsLayeredAvifPercent" in target, false);
});
