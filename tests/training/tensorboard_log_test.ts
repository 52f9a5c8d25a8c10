import { encodePixels } from "@/images/mod.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import {
  readHistory,
  train,
  type TrainingControls,
  type TrainingPlan,
  TrainingStopped,
} from "@/training/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { disposeState, makeState } from "./_variables.ts";
import { needsPython } from "../_notebooks.ts";

type Curves = Record<string, Record<string, number[][]>>;

/** What the real TensorBoard reads. */
async function readBoard(folder: string): Promise<Curves> {
  const script = new URL("./_read_events.py", import.meta.url).pathname;
  const { success, stdout, stderr } = await new Deno.Command(
    workspaceAt().python,
    { args: [script, folder], stdout: "piped", stderr: "piped" },
  ).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

const picture = await encodePixels(
  { width: 3, height: 2, data: new Uint8Array(18) },
  "png",
);

/** Seven steps whose loss is one by the step, with validation every three. */
async function trainSeven(
  folder: string,
  controls: TrainingControls & { readonly stopAt?: number } = {},
): Promise<void> {
  const state = makeState({ w: [1] });
  const controller = new AbortController();
  const plan: TrainingPlan<number> = {
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
    step: (_, step) => ({ loss: 1 / step, bpp: step }),
    validate: () =>
      Promise.resolve({ validLoss: 2, validPsnrDb: 30, parts: { bpp: 4 } }),
    onEpoch: () => Promise.resolve(picture),
  };
  try {
    await train(plan, {
      tensorBoard: true,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === controls.stopAt) controller.abort();
      },
      ...controls,
    });
  } finally {
    disposeState(state);
  }
}

const steps = [1, 2, 3, 4, 5, 6, 7];

/** Speeds are those of the machine. */
function checkBoard({ train, validation, ...more }: Curves): void {
  const { imagesPerSecond, ...losses } = train!;
  assertEquals(losses, {
    loss: steps.map((step) => [step, Math.fround(1 / step)]),
    bpp: steps.map((step) => [step, step]),
  });
  assert(imagesPerSecond!.every(([, speed]) => speed! > 0));
  assertEquals(validation, {
    loss: [[3, 2], [6, 2], [7, 2]],
    psnrDb: [[3, 30], [6, 30], [7, 30]],
    bpp: [[3, 4], [6, 4], [7, 4]],
    photos: [[3, 3, 2], [6, 3, 2], [7, 3, 2]],
  });
  assertEquals(more, {});
}

Deno.test(
  "TensorBoard reads the curves and photos of a run",
  needsPython,
  async () => {
    await withFolder(async (folder) => {
      await trainSeven(folder);
      const curves = await readBoard(folder);
      checkBoard(curves);
      assertEquals(curves["train"]!["imagesPerSecond"]!.length, 7);
    });
  },
);

Deno.test(
  "a resumed run has each step once in TensorBoard",
  needsPython,
  async () => {
    await withFolder(async (folder) => {
      await assertRejects(
        () => trainSeven(folder, { stopAt: 4 }),
        TrainingStopped,
      );
      // As if it had been killed, with steps 5 and 6 logged but not saved.
      const later = `${folder}/later`;
      await trainSeven(later);
      for (const kind of ["train", "validation"]) {
        await Deno.remove(`${folder}/${kind}`, { recursive: true });
        await Deno.rename(`${later}/${kind}`, `${folder}/${kind}`);
      }
      await Deno.remove(later, { recursive: true });
      await trainSeven(folder);
      const curves = await readBoard(folder);
      checkBoard(curves);
      assertEquals(curves["train"]!["imagesPerSecond"]!.length, 7);
    });
  },
);

Deno.test(
  "a run that began without a log has complete curves in TensorBoard",
  needsPython,
  async () => {
    await withFolder(async (folder) => {
      await trainSeven(folder, { tensorBoard: false });
      assertEquals((await readHistory(folder)).length, 10);
      await assertRejects(() => Deno.stat(`${folder}/train`));
      await trainSeven(folder); // no step is left
      const { train, validation } = await readBoard(folder);
      const { loss, bpp } = validation!;
      const psnrDb = [[3, 30], [6, 30], [7, 30]];
      assertEquals(validation, { loss: loss!, bpp: bpp!, psnrDb });
      assertEquals(Object.keys(train!).sort(), ["bpp", "loss"]);
      assertEquals(train!["loss"]!.map(([step]) => step), steps);
    });
  },
);
