import {
  History,
  HISTORY_FILE,
  type HistoryRecord,
  readHistory,
} from "@/training/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { canMountDisk, withSmallDisk } from "../datasets/_photos.ts";
import { withFolder } from "../_folder.ts";

const canMount = await canMountDisk();

/** Records of steps 1 to 6, in epochs of 3. */
const records: HistoryRecord[] = [1, 2, 3, 4, 5, 6].flatMap((step) => {
  const epoch = Math.ceil(step / 3);
  const loss = 1 / step;
  const record: HistoryRecord = { kind: "step", step, epoch, loss };
  return step % 3 !== 0 ? [record] : [record, {
    kind: "epoch",
    epoch,
    step,
    trainLoss: loss,
    validLoss: loss / 2,
    validPsnrDb: 20 + epoch,
    parts: { mse: loss / 2, kl: 1e-3 },
  }];
});

async function writeHistory(folder: string): Promise<void> {
  const history = await History.open(folder, 0);
  records.forEach((record) => history.add(record));
  await history.flush();
}

Deno.test("a history is read as it was written, a line a record", async () => {
  await withFolder(async (folder) => {
    await writeHistory(`${folder}/new/run`);
    assertEquals(await readHistory(`${folder}/new/run`), records);
    const text = await Deno.readTextFile(`${folder}/new/run/${HISTORY_FILE}`);
    assertEquals(text.split("\n").length, records.length + 1);
  });
});

Deno.test("a run that has not begun has no history", async () => {
  await withFolder(async (folder) => {
    assertEquals(await readHistory(`${folder}/missing`), []);
    const history = await History.open(folder, 0);
    assertEquals(history.records, []);
    await history.flush();
    assertEquals(await readHistory(folder), []);
  });
});

Deno.test("records are on the disk once they are flushed, each once", async () => {
  await withFolder(async (folder) => {
    const history = await History.open(folder, 0);
    history.add(records[0]!);
    assertEquals(await readHistory(folder), []);
    await history.flush();
    await history.flush();
    assertEquals(await readHistory(folder), [records[0]]);
    history.add(records[1]!);
    await history.flush();
    assertEquals(await readHistory(folder), records.slice(0, 2));
  });
});

Deno.test("a last line that a crash cut off is left out", async () => {
  await withFolder(async (folder) => {
    await writeHistory(folder);
    const path = `${folder}/${HISTORY_FILE}`;
    const { size } = await Deno.stat(path);
    for (const cut of [1, 2, 20]) {
      await Deno.truncate(path, size - cut);
      const read = await readHistory(folder);
      const whole = cut === 1 ? records : records.slice(0, -1);
      assertEquals(read, whole);
    }
    await Deno.writeTextFile(path, "\0\0\0\0", { append: true });
    assertEquals(await readHistory(folder), records.slice(0, -1));
  });
});

Deno.test("a resumed run has no records of later than its checkpoint", async () => {
  await withFolder(async (folder) => {
    await writeHistory(folder);
    const path = `${folder}/${HISTORY_FILE}`;
    await Deno.writeTextFile(path, '{"kind": "st', { append: true });
    const history = await History.open(folder, 4);
    const kept = records.filter(({ step }) => step <= 4);
    assertEquals(history.records, kept);
    assertEquals(await readHistory(folder), kept);
    records.slice(kept.length).forEach((record) => history.add(record));
    await history.flush();
    assertEquals(await readHistory(folder), records);
  });
});

Deno.test("an epoch's loss is the mean of its steps, also of those before a resume", async () => {
  await withFolder(async (folder) => {
    await writeHistory(folder);
    const history = await History.open(folder, 4);
    history.add(records[5]!);
    assertEquals(history.epochLoss(1), (1 + 1 / 2 + 1 / 3) / 3);
    assertEquals(history.epochLoss(2), (1 / 4 + 1 / 5) / 2);
  });
});

Deno.test({
  name: "a full disk gives one sentence that names the file" +
    (canMount ? "" : " (skipped: mounting a small disk takes root)"),
  ignore: !canMount,
  fn: () =>
    withSmallDisk(64 << 10, async (folder) => {
      const history = await History.open(folder, 0);
      history.add(records[0]!);
      await history.flush();
      await Deno.writeFile(`${folder}/filler`, new Uint8Array(52 << 10));
      for (let i = 0; i < 300; i++) records.forEach((r) => history.add(r));
      await assertRejects(
        () => history.flush(),
        Error,
        `Could not write "${folder}/${HISTORY_FILE}": the disk is full.`,
      );
      assert((await readHistory(folder)).length >= 1);
    }),
});
