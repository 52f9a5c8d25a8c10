/** What tells a run and its result from others: everything that decides them. */
import { resultHead } from "@/experiment/environment.ts";
import { FIT_EVERY, prepareData } from "@/experiment/prepare_data.ts";
import { runGrid, sectionRun } from "@/experiment/run_grid.ts";
import { trainedNetwork } from "@/sections/autoencoders/networks.ts";
import {
  type RunRecord,
  type RunVersions,
  runVersions,
} from "@/training/mod.ts";
import { assertEquals, assertNotEquals } from "@std/assert";
import { tinyAutoencoder } from "../sections/_tiny_settings.ts";
import { makeContext, withWorkplace } from "./_photos.ts";

/** The loss of the first step. */
function firstLoss([first]: readonly RunRecord[]): number {
  return first?.kind === "step" ? first.loss : NaN;
}

Deno.test("two seeds in one folder do not share runs on each other's crops", async () => {
  await withWorkplace(async (place) => {
    const settings = tinyAutoencoder("medium");
    const prepare = (seed: number) =>
      prepareData(
        makeContext("medium_training", place, { seed, steps: 1 }),
        { trainPairs: settings.trainPairs, highSize: 344 },
      );
    const [one, two] = [await prepare(1), await prepare(2)];
    assertNotEquals(one.pairs.train.high(0), two.pairs.train.high(0));
    assertNotEquals(one.summary.pairs, two.summary.pairs);
    assertEquals(one.summary.fingerprint, two.summary.fingerprint);

    // The twin of seed 1 has the weights of seed 2, on other crops.
    const losses: number[] = [];
    for (const data of [{ ...one, seed: 2 }, two]) {
      const run = await trainedNetwork("convolutional", settings, data);
      run.model.dispose();
      losses.push(firstLoss(run.history));
    }
    assertNotEquals(losses[0], losses[1]);
    assertEquals([...Deno.readDirSync(`${place.out}/runs`)].length, 2);
  });
});

Deno.test("a run that was made with another version is not reused", async () => {
  await withWorkplace(async (place) => {
    const context = makeContext("medium_training", place);
    const versions = runVersions();
    const changes: RunVersions[] = [
      versions,
      { ...versions, run: versions.run + 1 },
      { ...versions, tensorflow: "0.1.0" },
      { ...versions, tfjs: "0.1.0" },
      { ...versions, deno: "0.1.0" },
      { ...versions, images: { ...versions.images, vips: "0.1.0" } },
    ];
    let worked = 0;
    const run = {
      name: "a run",
      identity: "the same",
      work: () => Promise.resolve(++worked),
    };
    const ids = new Set<string>();
    for (const changed of changes) {
      const [made] = await runGrid([run], context, changed);
      const [found] = await runGrid([run], context, changed);
      assertEquals(found!.found, made!.found);
      ids.add(made!.id);
    }
    assertEquals(worked, changes.length);
    assertEquals(ids.size, changes.length);
    // What is installed is the default.
    assertEquals(
      sectionRun(context, "a run", "x"),
      sectionRun(context, "a run", "x", versions),
    );
  });
});

Deno.test("the result of a limited run names the limit, not the profile", async () => {
  await withWorkplace(async (place) => {
    const prepare = (changes: { steps?: number }) =>
      prepareData(
        makeContext("data", place, { profile: "full", ...changes }),
        { trainPairs: 4, highSize: 344 },
      );
    const { profile, ...whole } = resultHead("data", {}, await prepare({}));
    assertEquals(profile, "full");
    assertEquals("steps" in whole, false);
    assertEquals(whole.fitEvery, FIT_EVERY);
    const trial = resultHead("data", {}, await prepare({ steps: 2 }));
    assertEquals([trial.profile, trial.steps], ["trial", 2]);
  });
});
