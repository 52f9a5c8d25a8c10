/** A section on training from end to end, on few photos and few steps. */
import { storedBytes } from "@/models/mod.ts";
import { autoencoderFigures } from "@/sections/autoencoders/figures.ts";
import type { AutoencoderMetrics } from "@/sections/autoencoders/types.ts";
import { FIT_EVERY } from "@/experiment/prepare_data.ts";
import { describeMachine } from "@/experiment/environment.ts";
import { describeVersions } from "@/training/run.ts";
import { readResult, writeFigures, writeResult } from "@/experiment/results.ts";
import type {
  SectionContext,
  SectionControls,
  SectionResult,
} from "@/experiment/types.ts";
import type { RunRecord } from "@/training/records.ts";
import type { AutoencoderSettings } from "@/sections/autoencoders/types.ts";
import { tf } from "@/tensorflow/mod.ts";
import { TrainingStopped } from "@/training/mod.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertFalse,
  assertGreater,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { globSync } from "node:fs";
import {
  makeContext,
  withWorkplace,
  type Workplace,
} from "../../experiment/_photos.ts";
import { runAutoencoders } from "@/sections/autoencoders/mod.ts";

const settings: AutoencoderSettings = {
  size: "medium",
  side: 172,
  trainPairs: 8,
  latentChannels: 2,
  batchSize: 4,
  epochs: 2,
  convolutional: {
    widths: [4, 4],
    schedule: { peak: 2e-3, warmUpSteps: 2 },
  },
  residual: {
    patch: 4,
    width: 4,
    blocks: 1,
    schedule: { peak: 2e-3, warmUpSteps: 2 },
  },
};

type Result = SectionResult<AutoencoderSettings, AutoencoderMetrics>;

async function run(
  place: Workplace,
  changes: Partial<SectionContext> = {},
): Promise<Result> {
  const context = makeContext("medium_training", place, changes);
  const result = await runAutoencoders(
    "medium_training",
    settings,
    context,
  );
  await writeResult(context.folder, result);
  return result;
}

/** Controls that stop a run after a number of records, or where codecs begin. */
function stopAfter(
  count: number,
): { records: RunRecord[]; phases: string[]; controls: SectionControls } {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error("Enough."));
  const records: RunRecord[] = [];
  const phases: string[] = [];
  const controls: SectionControls = {
    signal: controller.signal,
    onRecord: (record) => {
      if (records.push(record) === count) stop();
    },
    onProgress: ({ phase }) => {
      if (phase !== phases.at(-1)) phases.push(phase);
      if (phase.startsWith("Encoding")) stop();
    },
  };
  return { records, phases, controls };
}

function checkHistory({ history }: Result): void {
  for (const name of ["convolutional", "residual from PCA"]) {
    const records = history.filter(({ run }) => run === name);
    assertEquals(
      records.map(({ kind, step, epoch }) => `${kind} ${step} ${epoch}`),
      [
        "step 1 1",
        "step 2 1",
        "epoch 2 1",
        "step 3 2",
        "step 4 2",
        "epoch 4 2",
      ],
    );
    for (const record of records) {
      if (record.kind === "step") {
        assert(record.loss > 0 && record.loss < 0.3, `${record.loss}`);
      } else {
        // Mean of one photo: 8-bit rounding and clipping move it a little.
        const decibels = -10 * Math.log10(record.validLoss);
        assertAlmostEquals(record.validPsnrDb, decibels, 0.5);
      }
    }
  }
  assertEquals(history.length, 12);
}

function checkMetrics({ metrics }: Result): void {
  assertEquals(metrics.latent, {
    shape: [43, 43, 2],
    floats: 43 * 43 * 2,
    pixelsPerFloat: 24,
    storedBytes: storedBytes([43, 43, 2]),
  });
  assertEquals(metrics.examples.length, 1);
  const names = metrics.models.map((model) => model.run);
  assertEquals(names, ["convolutional", "residual from PCA"]);
  for (const model of metrics.models) {
    assert(model.parameters > 100);
    assertAlmostEquals(
      model.aboveFloorDb,
      model.psnrDb - metrics.floor.psnrDb,
      1e-9,
    );
  }
  const [conv, residual] = metrics.models;
  // After four steps noise is still noise, and components are components.
  assert(conv!.psnrDb < residual!.psnrDb);
  assert(Math.abs(residual!.aboveFloorDb) < 3, `${residual!.aboveFloorDb}`);
  assert(residual!.stored.psnrDb < residual!.psnrDb + 0.1);
  assert(residual!.stored.psnrDb > residual!.psnrDb - 3);
  const codecs = metrics.baselines.map(({ codec }) => codec);
  assertEquals(
    codecs,
    ["JPEG", "WebP, default effort", "AVIF, default effort"],
  );
}

function checkResult(result: Result): void {
  assertEquals(Object.keys(result).sort(), [
    "dataset",
    "fitEvery",
    "history",
    "machine",
    "metrics",
    "profile",
    "section",
    "seed",
    "settings",
    "versions",
  ]);
  const { section, profile, seed, dataset } = result;
  assertEquals(result.fitEvery, FIT_EVERY);
  assertMatch(dataset.pairs!, /^[0-9a-f]{16}$/);
  assertEquals([section, profile, seed], ["medium_training", "quick", 1]);
  assertEquals(result.settings, settings);
  assertEquals(dataset.name, "photos");
  assertMatch(dataset.fingerprint, /^[0-9a-f]{64}$/);
  assertEquals(dataset.counts, { train: 8, valid: 1, test: 1, skipped: 1 });
  assertEquals(result.machine, describeMachine());
  assertEquals(result.versions, describeVersions());
  assertMatch(result.versions.tensorflow, /^\d+\.\d+\.\d+/);
  checkHistory(result);
  checkMetrics(result);
}

/** The files of the figures, by name. */
async function writeAgain(folder: string): Promise<Record<string, string>> {
  const result = await readResult(folder) as Result;
  const files = await writeFigures(
    folder,
    autoencoderFigures(result, folder),
  );
  const entries = files.map(async ({ path, alt }) => {
    assert(alt.length > 20, alt);
    return [path.split("/").at(-1), (await Deno.readFile(path)).toHex()];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Bytes of TensorBoard's logs of validation, of which photos are the most. */
function photosLogged(runs: string): number {
  return globSync(`${runs}/residual*/validation/events.out.tfevents.*`)
    .reduce((sum, path) => sum + Deno.statSync(path).size, 0);
}

Deno.test("a section on training stops, resumes, and is the same when done again", async () => {
  await withWorkplace(async (place) => {
    const folder = `${place.out}/medium_training`;
    const before = tf.memory().numTensors;
    await assertRejects(
      () => run(place, { controls: stopAfter(8).controls }),
      TrainingStopped,
      "Training medium (residual from PCA) stopped after step 2 of 4",
    );
    assertEquals(tf.memory().numTensors, before);

    const records: RunRecord[] = [];
    const pictures: string[] = [];
    let shownBytes = 0;
    const result = await run(place, {
      controls: {
        tensorBoard: true,
        onRecord: (record) => records.push(record),
        onPhotos: (bytes, alt) => {
          assertEquals([bytes[0], bytes[1]], [0xff, 0xd8]); // JPEG
          pictures.push(alt);
          shownBytes += bytes.length;
        },
      },
    });
    checkResult(result);
    assertEquals(records, [...result.history]);
    assertEquals(pictures, [
      "Photos out of residual from PCA after epoch 2",
    ]);
    assertGreater(photosLogged(`${place.out}/runs`), shownBytes);
    assertEquals(tf.memory().numTensors, before);

    // Its figures come from the files alone, and always the same.
    assertEquals(await readResult(folder), JSON.parse(JSON.stringify(result)));
    const figures = await writeAgain(folder);
    assertEquals(Object.keys(figures).sort(), [
      "convolutional_photos.jpg",
      "loss.svg",
      "residual_from_pca_photos.jpg",
    ]);
    assertEquals(await writeAgain(folder), figures);

    // Now that all is done, it is only loaded.
    const loaded = stopAfter(Infinity);
    assertEquals(await run(place, loaded), result);
    assertEquals(loaded.records, records);
    assertFalse(loaded.phases.join().includes("Training"));
    assertFalse(loaded.phases.join().includes("Encoding"));

    // Trained anew without a stop, each loss is the same, bit for bit.
    await Deno.remove(`${place.out}/runs`, { recursive: true });
    const anew = stopAfter(Infinity);
    await assertRejects(() => run(place, anew), Error, "Enough.");
    assertEquals(anew.records, records);

    // Another seed and another number of steps are another run.
    const other = stopAfter(1);
    await assertRejects(
      () => run(place, { steps: 1, seed: 2, controls: other.controls }),
      TrainingStopped,
      "Training medium (convolutional) stopped after step 1 of 1",
    );
    assert(other.records[0]?.kind === "step" && records[0]?.kind === "step");
    assertNotEquals(other.records[0].loss, records[0].loss);
    assertEquals([...Deno.readDirSync(`${place.out}/runs`)].length, 3);
  });
});
