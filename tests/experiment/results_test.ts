import {
  readResult,
  RESULT_FILE,
  ResultError,
  writeResult,
} from "@/experiment/results.ts";
import type { SectionResult } from "@/experiment/types.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";

const sample: SectionResult = {
  section: "medium_training",
  profile: "quick",
  settings: { widths: [2, 4], schedule: { peak: 1e-3 } },
  seed: 3,
  dataset: {
    name: "a [1,  2].jpg",
    fingerprint: "f".repeat(64),
    counts: { train: 6, valid: 1, test: 1, skipped: 0 },
  },
  machine: {
    cpu: "x",
    cores: 2,
    memoryGiB: 8,
    os: "linux x86_64",
    devices: ["CPU"],
  },
  versions: { deno: "2", tensorflow: "2", tfjs: "4" },
  history: [
    { run: "a", kind: "step", step: 1, epoch: 1, loss: 0.1 },
    {
      run: "a",
      kind: "epoch",
      epoch: 1,
      step: 1,
      trainLoss: 0.1,
      validLoss: 1 / 3,
      validPsnrDb: 10,
      parts: { mse: 1 / 3 },
    },
  ],
  metrics: { none: [], empty: {}, list: [1.5, -2e-7], rows: [{ run: "a" }] },
};

async function withResultFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await work(`${root}/medium_training`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a result is read as it was written", async () => {
  await withResultFolder(async (folder) => {
    await writeResult(folder, sample);
    assertEquals(await readResult(folder), sample);
    const changed = { ...sample, seed: 4, history: [] };
    await writeResult(folder, changed);
    assertEquals(await readResult(`${folder}/`), changed);
  });
});

Deno.test("a result has a line a record and a line a list of numbers", async () => {
  await withResultFolder(async (folder) => {
    await writeResult(folder, sample);
    const text = await Deno.readTextFile(`${folder}/${RESULT_FILE}`);
    const lines = text.split("\n").map((line) => line.trim());
    assert(lines.includes(`"widths": [2,4],`), text);
    assert(lines.includes(`"list": [1.5,-2e-7],`), text);
    assert(lines.includes(`${JSON.stringify(sample.history[0])},`), text);
    assert(lines.includes(JSON.stringify(sample.history[1])), text);
    assert(text.endsWith("}\n"));
  });
});

Deno.test("a missing result names the command that makes it", async () => {
  await withResultFolder(async (folder) => {
    await assertRejects(
      () => readResult(folder),
      ResultError,
      `There is no "${folder}/result.json": ` +
        "run `deno task reproduce medium_training`.",
    );
  });
});

Deno.test("a broken result names the command that makes it again", async () => {
  await withResultFolder(async (folder) => {
    await writeResult(folder, sample);
    const path = `${folder}/${RESULT_FILE}`;
    const text = await Deno.readTextFile(path);
    const broken = [
      "",
      text.slice(0, text.length / 2),
      "null",
      "[]",
      "3",
      "{}",
      text.replace('"medium_training"', '"data"'),
      text.replace('"metrics"', '"metric"'),
    ];
    for (const content of broken) {
      await Deno.writeTextFile(path, content);
      await assertRejects(
        () => readResult(folder),
        ResultError,
        `"${path}" is not a result of medium_training: ` +
          "run `deno task reproduce medium_training` again.",
      );
    }
  });
});
