import { tf } from "@/tensorflow/mod.ts";
import {
  findCheckpoint,
  removeCheckpoints,
  restoreState,
  saveCheckpoint,
} from "@/training/mod.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { disposeState, makeState, readState } from "./_variables.ts";

const file = (step: number) =>
  `checkpoint-${String(step).padStart(9, "0")}.safetensors`;

/** A folder with checkpoints of `run` whose weight is their step. */
async function withCheckpoints(
  steps: readonly number[],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    for (const step of steps) {
      const state = makeState({ w: [step] });
      await saveCheckpoint(folder, step, state, "run");
      disposeState(state);
    }
    await work(folder);
  });
}

function names(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

/** The found step, and what was said about those passed over. */
async function find(folder: string, run = "run") {
  const said: [string, string][] = [];
  const found = await findCheckpoint(folder, run, (file, reason) => {
    said.push([file, reason]);
  });
  return { step: found?.step, said };
}

Deno.test("a checkpoint gives back what was saved, bit for bit", async () => {
  await withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const state = makeState({
      "a/kernel": [0.1, -0, 1e-42, NaN, Infinity],
      "a/bias": [],
      "adam/beta1_power": [0.9],
    });
    await saveCheckpoint(folder, 12, state, "run");
    const found = await findCheckpoint(folder, "run");
    assertEquals(found?.step, 12);
    const other = makeState({
      "a/kernel": [1, 2, 3, 4, 5],
      "a/bias": [],
      "adam/beta1_power": [1],
    });
    restoreState(other, found!.tensors);
    assertEquals(readState(other), readState(state));
    disposeState(state);
    disposeState(other);
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("only the last two checkpoints are kept", async () => {
  await withCheckpoints([5, 10, 1_000_000_000, 2_000_000_000], (folder) => {
    assertEquals(names(folder), [file(1e9), file(2e9)]);
    return Promise.resolve();
  });
  await withCheckpoints([5, 10, 15], (folder) => {
    assertEquals(names(folder), [file(10), file(15)]);
    return Promise.resolve();
  });
});

Deno.test("the newest checkpoint is found, by number", async () => {
  await withCheckpoints([999_999_999, 1_000_000_000], async (folder) => {
    assertEquals(await find(folder), { step: 1e9, said: [] });
  });
});

Deno.test("there is no checkpoint in an empty or missing folder", async () => {
  await withFolder(async (folder) => {
    assertEquals(await find(folder), { step: undefined, said: [] });
    const missing = await find(`${folder}/missing`);
    assertEquals(missing, { step: undefined, said: [] });
  });
});

Deno.test("a checkpoint that is cut short is passed over for the one before", async () => {
  await withCheckpoints([5, 10], async (folder) => {
    const path = `${folder}/${file(10)}`;
    const { size } = await Deno.stat(path);
    for (const length of [size - 1, 100, 3, 0]) {
      await Deno.truncate(path, length);
      const { step, said } = await find(folder);
      assertEquals(step, 5);
      assertEquals(said.map(([name]) => name), [file(10)]);
    }
  });
});

Deno.test("a checkpoint with one wrong bit is passed over for the one before", async () => {
  await withCheckpoints([5, 10], async (folder) => {
    const path = `${folder}/${file(10)}`;
    const bytes = await Deno.readFile(path);
    bytes[bytes.length - 2]! ^= 1;
    await Deno.writeFile(path, bytes);
    assertEquals(await find(folder), {
      step: 5,
      said: [[file(10), "Its numbers do not match their checksum."]],
    });
  });
});

Deno.test("a checkpoint of another run is not used", async () => {
  await withCheckpoints([5], async (folder) => {
    assertEquals(await find(folder, "other"), {
      step: undefined,
      said: [[file(5), "It belongs to another run."]],
    });
  });
});

Deno.test("a torn checkpoint does not push out a whole one", async () => {
  await withCheckpoints([5, 10, 15], async (folder) => {
    await Deno.truncate(`${folder}/${file(15)}`, 50);
    assertEquals((await find(folder)).step, 10);
    const state = makeState({ w: [12] });
    await saveCheckpoint(folder, 12, state, "run");
    disposeState(state);
    assertEquals(names(folder), [file(10), file(12)]);
    assertEquals((await find(folder)).step, 12);
  });
});

Deno.test("a variable that the checkpoint lacks is named in the error", async () => {
  await withCheckpoints([5], async (folder) => {
    const found = await findCheckpoint(folder, "run");
    const missing = makeState({ w: [1], v: [1, 2] });
    assertThrows(
      () => restoreState(missing, found!.tensors),
      RangeError,
      'The checkpoint has no "v" of shape [2].',
    );
    const larger = makeState({ w: [1, 2, 3] });
    assertThrows(
      () => restoreState(larger, found!.tensors),
      RangeError,
      'The checkpoint has no "w" of shape [3].',
    );
    disposeState(missing);
    disposeState(larger);
  });
});

Deno.test("checkpoints are removed, and nothing else is", async () => {
  await withCheckpoints([3, 4], async (folder) => {
    await Deno.writeTextFile(`${folder}/history.jsonl`, "");
    await removeCheckpoints(folder);
    assertEquals(names(folder), ["history.jsonl"]);
    await removeCheckpoints(`${folder}/missing`);
  });
});
