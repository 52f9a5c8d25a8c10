import { tf } from "@/tensorflow/mod.ts";
import {
  type HistoryRecord,
  readHistory,
  train,
  TrainingDiverged,
  type TrainingPlan,
  TrainingStopped,
} from "@/training/mod.ts";
import type { Progress } from "@/files/progress.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { disposeState, makeState, readState } from "./_variables.ts";

/**
 * A run whose weight is multiplied by 3 and grows by the step's number at each
 * step, so that a step that is skipped or repeated shows.
 */
function makePlan(
  folder: string,
  changes: Partial<TrainingPlan<number>> = {},
): TrainingPlan<number> {
  const state = makeState({ w: [1] });
  const weight = state.get("w")!;
  return {
    phase: "Training",
    folder,
    run: "run",
    steps: 7,
    stepsPerEpoch: 3,
    batchSize: 4,
    state,
    async *batches(first) {
      for (let step = first;; step++) yield await Promise.resolve(step);
    },
    step(batch, step) {
      assertEquals(batch, step);
      tf.tidy(() => weight.assign(weight.mul(3).add(step)));
      return { loss: weight.dataSync()[0]!, extra: step };
    },
    validate: () => Promise.resolve({ validLoss: 2, validPsnrDb: 30 }),
    ...changes,
  };
}

/** The weight after some steps. */
function weightAfter(steps: number): number {
  let weight = 1;
  for (let step = 1; step <= steps; step++) weight = 3 * weight + step;
  return weight;
}

const kinds = (records: readonly HistoryRecord[]) =>
  records.map((record) => `${record.kind} ${record.step}`).join(", ");

const whole =
  "step 1, step 2, step 3, epoch 3, step 4, step 5, step 6, epoch 6, step 7, epoch 7";

Deno.test("a run takes all of its steps and ends each epoch", async () => {
  await withFolder(async (folder) => {
    const epochs: number[] = [];
    const plan = makePlan(folder, {
      onEpoch: (epoch) => Promise.resolve(void epochs.push(epoch)),
    });
    const heard: HistoryRecord[] = [];
    const progress: Progress[] = [];
    const history = await train(plan, {
      onRecord: (record) => heard.push(record),
      onProgress: (moment) => progress.push(moment),
    });
    assertEquals(kinds(history), whole);
    assertEquals(heard, [...history]);
    assertEquals(await readHistory(folder), [...history]);
    assertEquals(epochs, [1, 2, 3]);
    assertEquals(readState(plan.state), { w: [weightAfter(7)] });
    assertEquals(progress.map(({ done }) => done), [1, 2, 3, 4, 5, 6, 7]);
    assertEquals(progress.at(-1)?.total, 7);
    assertEquals(history[0], {
      kind: "step",
      step: 1,
      epoch: 1,
      loss: 4,
      parts: { extra: 1 },
    });
    const losses = [4, 5, 6].map(weightAfter);
    assertEquals(history[7], {
      kind: "epoch",
      epoch: 2,
      step: 6,
      trainLoss: (losses[0]! + losses[1]! + losses[2]!) / 3,
      validLoss: 2,
      validPsnrDb: 30,
    });
    disposeState(plan.state);
  });
});

Deno.test("a finished run is loaded: no step, no progress, all records", async () => {
  await withFolder(async (folder) => {
    const first = makePlan(folder);
    const history = await train(first);
    const again = makePlan(folder, {
      step: () => {
        throw new Error("No step is left.");
      },
    });
    const heard: HistoryRecord[] = [];
    const progress: Progress[] = [];
    const same = await train(again, {
      onRecord: (record) => heard.push(record),
      onProgress: (moment) => progress.push(moment),
    });
    assertEquals([...same], [...history]);
    assertEquals(heard, [...history]);
    assertEquals(progress, []);
    assertEquals(readState(again.state), readState(first.state));
    disposeState(first.state);
    disposeState(again.state);
  });
});

Deno.test("a stopped run says how far it came and resumes from there", async () => {
  for (const stopAt of [1, 2, 3, 6, 7]) {
    await withFolder(async (folder) => {
      const controller = new AbortController();
      const first = makePlan(folder);
      const error = await assertRejects(
        () =>
          train(first, {
            signal: controller.signal,
            onProgress: ({ done }) => {
              if (done === stopAt) controller.abort();
            },
          }),
        TrainingStopped,
      );
      assertEquals(
        error.message,
        `Training stopped after step ${stopAt} of 7; run it again to resume.`,
      );
      const second = makePlan(folder);
      const steps: number[] = [];
      const history = await train(second, {
        onProgress: ({ done }) => steps.push(done),
      });
      assertEquals(steps[0], stopAt === 7 ? undefined : stopAt + 1);
      assertEquals(kinds(history), whole);
      assertEquals(readState(second.state), { w: [weightAfter(7)] });
      disposeState(first.state);
      disposeState(second.state);
    });
  }
});

Deno.test("a run whose signal was aborted before takes no step", async () => {
  await withFolder(async (folder) => {
    const reason = new Error("Too late.");
    const plan = makePlan(folder);
    await assertRejects(
      () => train(plan, { signal: AbortSignal.abort(reason) }),
      TrainingStopped,
      "Training stopped after step 0 of 7",
    );
    assertEquals(readState(plan.state), { w: [1] });
    disposeState(plan.state);
  });
});

Deno.test("a run stops in between two batches that are ready", async () => {
  await withFolder(async (folder) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 60);
    const plan = makePlan(folder, {
      steps: 1e6,
      stepsPerEpoch: 1e6,
      step: () => ({ loss: 1 }),
    });
    await assertRejects(
      () => train(plan, { signal: controller.signal }),
      TrainingStopped,
    );
    disposeState(plan.state);
  });
});

Deno.test("a loss that is not finite ends the run, and its last checkpoint stays", async () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    await withFolder(async (folder) => {
      const plan = makePlan(folder);
      const step: typeof plan.step = (batch, step) =>
        step === 5 ? { loss: bad } : plan.step(batch, step);
      await assertRejects(
        () => train({ ...plan, step }),
        TrainingDiverged,
        `Training diverged: the loss of step 5 is ${bad}.`,
      );
      const mended = makePlan(folder);
      assertEquals(kinds(await train(mended)), whole);
      assertEquals(readState(mended.state), { w: [weightAfter(7)] });
      disposeState(plan.state);
      disposeState(mended.state);
    });
  }
});

Deno.test("another run in the same folder starts from the beginning", async () => {
  await withFolder(async (folder) => {
    const first = makePlan(folder);
    await train(first);
    const warnings: string[] = [];
    const other = makePlan(folder, { run: "other", steps: 4 });
    const history = await train(other, {
      onWarning: (message) => warnings.push(message),
    });
    assertEquals(
      kinds(history),
      "step 1, step 2, step 3, epoch 3, step 4, epoch 4",
    );
    assertEquals(warnings.length, 2);
    assert(warnings[0]!.endsWith("It belongs to another run."), warnings[0]);
    disposeState(first.state);
    disposeState(other.state);
  });
});

Deno.test("two who train the same take turns, and the second takes what is there", async () => {
  await withFolder(async (folder) => {
    const plans = [makePlan(folder), makePlan(folder)];
    const seen: Progress[][] = [[], []];
    const results = await Promise.all(
      plans.map((plan, i) =>
        train(plan, { onProgress: (moment) => seen[i]!.push(moment) })
      ),
    );
    const phases = seen.map((moments) => moments.map(({ phase }) => phase));
    phases.sort((a, b) => b.length - a.length);
    assertEquals(phases, [
      Array.from({ length: 7 }, () => "Training"),
      ["Waiting for another process that trains the same"],
    ]);
    assertEquals([...results[0]!], [...results[1]!]);
    plans.forEach((plan) => {
      assertEquals(readState(plan.state), { w: [weightAfter(7)] });
      disposeState(plan.state);
    });
  });
});

Deno.test("a run holds its number of tensors", async () => {
  await withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const plan = makePlan(folder);
    const counts: number[] = [];
    await train(plan, {
      onProgress: () => counts.push(tf.memory().numTensors),
      saveEverySeconds: 0,
    });
    assertEquals(new Set(counts), new Set([before + 1]));
    disposeState(plan.state);
    assertEquals(tf.memory().numTensors, before);
  });
});
