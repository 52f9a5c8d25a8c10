/** The section from end to end, on few photos and steps. */
import { checkTable } from "@/charts/mod.ts";
import { writeResult } from "@/experiment/results.ts";
import { readEnlargingWeights } from "@/models/enlarging/mod.ts";
import {
  ENLARGING_WEIGHTS,
  generative,
  runGenerativeSection,
} from "@/sections/generative/mod.ts";
import * as report from "@/sections/generative/report.ts";
import * as tables from "@/sections/generative/tables.ts";
import {
  type AdversarialSettings,
  GENERATIVE_WAYS,
  type GenerativeResult,
  type GenerativeSettings,
  generativeTitle,
  type GenerativeWay,
} from "@/sections/generative/types.ts";
import { tf } from "@/tensorflow/mod.ts";
import { TrainingStopped } from "@/training/mod.ts";
import type { RunRecord } from "@/training/records.ts";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
} from "@std/assert";
import { checkPublished } from "../_check_published.ts";
import {
  makeContext,
  withWorkplace,
  type Workplace,
} from "../../experiment/_photos.ts";

const schedule = { peak: 1e-5, warmUpSteps: 0 };
const training = { epochs: 1, batchSize: 4, windowSize: 16, schedule };

const adversarial: AdversarialSettings = {
  seeds: 2,
  discriminator: { width: 4, normalised: true },
  training,
  judgeRate: 2,
  terms: { adversarial: 1, features: 1, absolute: 30 },
};

const settings: GenerativeSettings = {
  trainPairs: 8,
  side: 344,
  network: { width: 4, blocks: 1, interpolation: "lanczos3" },
  training: { ...training, detailWeight: 0 },
  perception: { patch: 16, splits: 2 },
  adversarial,
  unstable: {
    ...adversarial,
    seeds: 1,
    discriminator: { width: 4, normalised: false },
    terms: { adversarial: 1, features: 0, absolute: 0 },
  },
  sampling: {
    sampler: { width: 4, innerWidth: 4, blocks: 1 },
    training,
    validateEvery: 1,
    steps: 2,
    draws: 2,
  },
  stored: {
    model: "tests/expected/codec/tiny_model.safetensors",
    files: [{ quality: 30 }],
    trainPairs: 4,
    training: { epochs: 1, schedule },
  },
  shown: { count: 4, side: 32 },
};

interface Controls {
  readonly signal?: AbortSignal;
  readonly onRecord?: (record: RunRecord) => void;
}

async function run(
  place: Workplace,
  controls: Controls = {},
  chosen = settings,
): Promise<GenerativeResult> {
  const context = makeContext("generative", place, { controls });
  const result = await runGenerativeSection(chosen, context);
  await writeResult(context.folder, result);
  return result;
}

function checkResult({ metrics, history }: GenerativeResult): void {
  const { ways, noise, unstable, draws, stored } = metrics;
  assertEquals(ways.map(({ way }) => way), [...GENERATIVE_WAYS]);
  const of = (way: GenerativeWay) => ways.find((row) => row.way === way)!;
  // Two steps with a tiny rate: the networks are where they start.
  const lanczos = of("Lanczos");
  assertAlmostEquals(of("least error").psnrDb, lanczos.psnrDb, 0.05);
  assert(of("least error").psnrDb !== lanczos.psnrDb);
  // Interpolation is not what scaling down undoes; the others are matched.
  for (const way of ["adversarial", "drawn"] as const) {
    assertGreater(of(way).scaledDownDb, 45);
    assertGreater(of(way).scaledDownDb, lanczos.scaledDownDb);
  }
  // A sampler that has learnt nothing draws noise, of which its mean has less.
  assertLess(of("drawn").psnrDb, of("mean of draws").psnrDb);
  assertEquals(of("drawn").psnrDb > draws.singleDb - 0.5, true);
  assertLess(noise.distance, lanczos.patches.distance);
  assertEquals(metrics.adversarial.map(({ seed }) => seed), [1, 2]);
  assertEquals(unstable.divergedAt, null);
  for (const { toldApart } of [...metrics.adversarial, unstable.quality!]) {
    assert(toldApart >= 0 && toldApart <= 1);
  }
  assertEquals(draws.meanDb.map(({ draws }) => draws), [1, 2]);
  assertAlmostEquals(draws.meanDb[0]!.psnrDb, of("drawn").psnrDb, 1e-9);
  assertEquals(draws.bins.length, 10);
  draws.bins.slice(1).forEach(({ deviation }, i) =>
    assertGreater(deviation, draws.bins[i]!.deviation)
  );
  const rates = new Map(
    stored.rows.map(({ way, bitsPerPixel }) => [way, bitsPerPixel]),
  );
  assertEquals(rates.size, 8);
  // One medium image for all that enlarge it; the whole file is larger.
  assertEquals(rates.get("Lanczos"), rates.get("one draw, trained on files"));
  assertLess(rates.get("Lanczos")!, rates.get("whole file")!);
  const network = 9 * (3 * 4 + 2 * 4 * 4 + 4 * 12);
  assertEquals(of("least error").multiplyAdds, network / 4);
  assertEquals(lanczos.multiplyAdds, null);
  assertEquals([...new Set(history.map((record) => record.run))], [
    "least error",
    "adversarial, seed 1",
    "adversarial, seed 2",
    "adversarial, unstable",
    "draws",
  ]);
}

Deno.test("making detail up stops, resumes, and never does a run twice", async () => {
  await withWorkplace(async (place) => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const early: RunRecord[] = [];
    await assertRejects(
      () =>
        run(place, {
          signal: controller.signal,
          // In the second run, after one of its two steps.
          onRecord: (record) => {
            if (early.push(record) === 4) controller.abort();
          },
        }),
      TrainingStopped,
      "Training adversarial, seed 1 stopped after step 1 of 2",
    );
    assertEquals(tf.memory().numTensors, before);

    const records: RunRecord[] = [];
    const result = await run(place, {
      onRecord: (record) => records.push(record),
    });
    assertEquals(tf.memory().numTensors, before);
    const names = new Set(records.map((record) => record.run));
    assert(!names.has("least error"));
    assert(names.has("adversarial, seed 1"));
    checkResult(result);

    // All is finished: nothing is trained, and nothing changes.
    const again: RunRecord[] = [];
    const same = await run(place, { onRecord: (record) => again.push(record) });
    assertEquals(again, []);
    assertEquals(same, result);

    const { metrics } = result;
    for (const make of Object.values(tables)) checkTable(make(metrics));
    const texts = [
      report.describeDistance(result),
      report.describePlane(metrics),
      report.describeAdversarial(result),
      report.describeDrawing(result),
      report.describeStored(metrics),
      report.summarizeGenerative(metrics),
    ];
    for (const text of texts) {
      assert(!/undefined|NaN|null/.test(text), text);
    }

    // The weights are those that the task takes.
    const weights = await Deno.readFile(
      `${place.out}/generative/${ENLARGING_WEIGHTS}`,
    );
    {
      using networks = readEnlargingWeights(weights);
      assertEquals(networks.steps, 2);
    }
    assertEquals(tf.memory().numTensors, before);

    // Figures come from the files alone.
    await checkPublished("generative", place, result, [
      "plane.svg",
      "details.jpg",
      "photos.jpg",
      "draws.jpg",
      "unstable.jpg",
      "sharpness.svg",
      "adversaries.svg",
      "sampler.svg",
      "stored_psnr.svg",
      "stored_plane.svg",
    ]);
  });
});

Deno.test("training that diverges is a finding", async () => {
  await withWorkplace(async (place) => {
    const wild = {
      ...settings.unstable,
      training: { ...training, schedule: { peak: 1e30, warmUpSteps: 0 } },
    };
    const result = await run(place, {}, { ...settings, unstable: wild });
    const { unstable } = result.metrics;
    assertEquals(unstable.quality, null);
    assert([1, 2].includes(unstable.divergedAt!));
    assert(report.describeAdversarial(result).includes("diverged at step"));
    assertEquals(tables.adversarialTable(result.metrics).rows.length, 2);
  });
});

Deno.test("windows fit the networks, and titles differ", () => {
  for (const profile of ["quick", "full"] as const) {
    const { adversarial, unstable, sampling } = generative.settings(profile);
    // The discriminator's places, and the sampler's inner size.
    for (const { training } of [adversarial, unstable, sampling]) {
      assertEquals(training.windowSize % 4, 0);
    }
  }
  assertEquals(
    new Set(GENERATIVE_WAYS.map(generativeTitle)).size,
    GENERATIVE_WAYS.length,
  );
});
