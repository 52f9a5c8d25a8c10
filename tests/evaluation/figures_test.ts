/** Results of the codec as files, and figures from these files alone. */
import { drawFigures } from "@/experiment/figures.ts";
import { codecFigures, storageTitle } from "@/evaluation/figures.ts";
import {
  type CodecOrigin,
  type CodecRates,
  type CodecSpeed,
  type CodecStorage,
  readRates,
  readSpeed,
  readStorage,
  type StorageRow,
  writeCodecResult,
} from "@/evaluation/results.ts";
import { ResultError } from "@/experiment/results.ts";
import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";

const origin: CodecOrigin = {
  model: "0123456789abcdef",
  machine: { cpu: "x", cores: 2, memoryGiB: 4, os: "linux", devices: ["CPU"] },
  versions: {
    deno: "1",
    tensorflow: "1",
    tfjs: "1",
    sharp: "1",
    mozjpeg: "1",
    webp: "1",
    aom: "1",
  },
};

const dataset = { name: "kodak", fingerprint: "f", photos: 24 };

const rates: CodecRates = {
  dataset,
  ...origin,
  codecs: [
    {
      id: "ours",
      name: "Ours",
      points: [0.2, 0.8, 7].map((bpp, quality) => ({
        quality,
        bpp,
        psnrDb: 30 + quality + 1 / 3,
        msssim: 0.95,
        halfBpp: bpp / 2,
        halfPsnrDb: 33 + quality,
        halfMsssim: 0.96,
      })),
    },
    {
      id: "jpeg",
      name: "JPEG",
      points: [{
        quality: 9,
        bpp: 0.4,
        psnrDb: 29,
        msssim: 0.94,
        halfPsnrDb: 34,
        halfMsssim: 0.96,
      }],
    },
    {
      id: "published",
      name: "Published",
      source: "somewhere",
      points: [{ quality: 1, bpp: 0.3, psnrDb: 28, msssim: 0.9 }],
    },
  ],
  bdRange: [0.15, 1],
  bdRate: { jpeg: -20 },
  bdRateMsssim: { jpeg: null },
};

const perception: CodecRates = {
  ...rates,
  codecs: rates.codecs.map((codec) =>
    codec.source === undefined
      ? {
        ...codec,
        points: codec.points.map((point, i) => ({
          ...point,
          ssimulacra2: 70 + 10 * i,
        })),
      }
      : codec
  ),
  bdRateSsimulacra2: { jpeg: -10 },
  ssimulacra2Library: "x",
};

function row(change: Partial<StorageRow>): StorageRow {
  return {
    way: "layered",
    codec: "ours",
    name: "Ours",
    reached: 24,
    storedBytes: 20000,
    mediumBytes: 8000,
    highBytes: 20000,
    mediumLossDb: 0,
    serverCpuMs: { medium: 0, high: 0 },
    clientCpuMs: { medium: 1, high: 2 },
    layeredPercent: 0,
    ...change,
  };
}

const storage: CodecStorage = {
  dataset,
  ...origin,
  pairs: 24,
  sharedPairs: 24,
  rows: [
    row({}),
    row({ way: "two files", storedBytes: 26500 }),
    row({ name: "WebP", codec: "webp", way: "high only", storedBytes: null }),
  ],
  layeredVsSimulcastPercent: -24.5,
  targets: [],
};

const speed: CodecSpeed = {
  ...origin,
  photo: "kodim01",
  width: 768,
  height: 512,
  threads: 2,
  rounds: 9,
  quality: 50,
  rows: [
    {
      id: "ours",
      name: "Ours",
      bytes: 1,
      encodeMs: 300,
      decodeHighMs: 140,
      decodeMediumMs: 30,
    },
    { id: "webp", name: "WebP", encodeMs: 90, decodeHighMs: 5 },
  ],
  timesOurs: { webp: { encode: 0.3, decodeHigh: 0.04 } },
  coder: [],
};

async function withFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await work(`${root}/codec`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("figures are drawn from the files that there are", async () => {
  await withFolder(async (folder) => {
    assertEquals(await codecFigures(folder), {});
    const path = await writeCodecResult(folder, "kodak", rates);
    assertEquals(path, `${folder}/kodak.json`);
    await Deno.writeTextFile(`${folder}/other.json`, "{}");
    await writeCodecResult(folder, "storage", storage);
    await writeCodecResult(folder, "speed", speed);
    await writeCodecResult(folder, "perception", perception);
    const figures = await codecFigures(folder);
    assertEquals(Object.keys(figures), [
      "kodak_psnr",
      "kodak_msssim",
      "kodak_half_psnr",
      "perception",
      "encode_time",
      "decode_time",
      "decode_medium_time",
      "storage_stored",
      "storage_medium",
      "storage_high",
    ]);
    const drawn = await Array.fromAsync(drawFigures(figures));
    const [psnr, , half, eye, , decode, medium, stored] = drawn.map(
      (figure) => {
        assert("chart" in figure);
        return figure.chart.description;
      },
    );
    // 7 bits a pixel are beyond what photos are kept at.
    assertStringIncludes(psnr!, "Ours: 30.3 dB at 0.2 bpp to 31.3 dB at 0.8");
    assertStringIncludes(psnr!, "Published: 28 dB at 0.3 bpp");
    // The half of ours is a part of the file, that of JPEG the whole.
    assertStringIncludes(half!, "Ours: 33 dB at 0.1 bpp to 34 dB at 0.4 bpp");
    assertStringIncludes(half!, "JPEG: 34 dB at 0.4 bpp");
    assert(!half!.includes("Published"));
    assertStringIncludes(
      eye!,
      "SSIMULACRA 2 over bits per pixel. Ours: 70 at 0.2 bpp to 80 at 0.8",
    );
    assert(!eye!.includes("Published"));
    assertStringIncludes(decode!, "Ours 140; WebP 5");
    assertStringIncludes(medium!, "median: Ours 30.");
    assertStringIncludes(stored!, "Ours: layered 20.0; Ours: two files 26.5.");
  });
});

Deno.test("results come back as they were written, rounded", async () => {
  await withFolder(async (folder) => {
    await writeCodecResult(folder, "kodak", rates);
    await writeCodecResult(folder, "storage", storage);
    await writeCodecResult(folder, "speed", speed);
    const { codecs, bdRate } = await readRates(folder, "kodak");
    assertEquals(codecs[0]!.points[0]!.psnrDb, 30.33333);
    assertEquals(bdRate, { jpeg: -20 });
    assertEquals(await readStorage(folder), storage);
    assertEquals(await readSpeed(folder), speed);
  });
});

Deno.test("a missing or invalid result is reported with the command that measures it", async () => {
  await withFolder(async (folder) => {
    const missing = await assertRejects(
      () => readRates(folder, "kodak"),
      ResultError,
    );
    assertEquals(
      missing.message,
      `"${folder}/kodak.json" is missing: run ` +
        "`deno task measure rates --data kodak`.",
    );
    await Deno.mkdir(folder);
    for (const text of ["", "null", "[]", '{"rows": []}']) {
      await Deno.writeTextFile(`${folder}/storage.json`, text);
      await assertRejects(
        () => readStorage(folder),
        ResultError,
        'storage.json" is not a valid result: run ' +
          "`deno task measure storage` again.",
      );
    }
  });
});

Deno.test("a row is called by its codec and its way", () => {
  const slow = { way: "layered", name: "Ours, effort 4" } as const;
  assertEquals(storageTitle(slow), "Ours: layered");
  assertEquals(
    storageTitle({ way: "two files", name: "AVIF" }),
    "AVIF: two files",
  );
});

Deno.test("a chart says so where photos without loss count as 60 dB", async () => {
  await withFolder(async (folder) => {
    const subtitle = async (capped: object, bpp: number) => {
      const [own, ...others] = rates.codecs;
      const points = [{ ...own!.points[0]!, bpp, ...capped }];
      const codecs = [{ ...own!, points }, ...others];
      await writeCodecResult(
        folder,
        "kodak",
        { ...rates, codecs } as CodecRates,
      );
      const { kodak_psnr } = await codecFigures(folder);
      const drawing = await kodak_psnr!();
      assert("chart" in drawing);
      return drawing.chart.title.subtitle;
    };
    const mean = "Mean of 24 photos, kodak";
    assertEquals(await subtitle({}, 1), mean);
    assertEquals(
      await subtitle({ capped: 1 }, 1),
      `${mean}; PSNR above 60 dB counts as 60`,
    );
    // Not in the chart.
    assertEquals(await subtitle({ capped: 1 }, 7), mean);
  });
});
