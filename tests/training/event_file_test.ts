import { encodePixels } from "@/images/mod.ts";
import { crc32c, EventFile } from "@/training/event_file.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { fields, floats, records } from "../tensorflow/_events.ts";

/** The one file of a folder, and all that is in it. */
async function readFolder(folder: string) {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  assertEquals(names.length, 1, `${names}`);
  const path = `${folder}/${names[0]}`;
  const [version, start, ...events] = records(await Deno.readFile(path));
  assertEquals(fields(version!).text(3), "brain.Event:2");
  assertEquals(fields(fields(start!).bytes(7)).number(1), 1); // START
  const values = events.map((event) => {
    const value = fields(fields(fields(event).bytes(5)).bytes(1));
    const [step, tag] = [fields(event).number(2), value.text(1)];
    const [seconds] = new Float64Array(fields(event).bytes(1).slice().buffer);
    return { step, tag, seconds, value };
  });
  return { path, values };
}

async function writeSteps(file: EventFile, from: number, to: number) {
  for (let step = from; step <= to; step++) {
    const seconds = 1e9 + step;
    file.addScalars({ step, seconds }, { loss: 1 / step });
    await file.flush();
  }
}

Deno.test("a file of events holds numbers by name with step and time", async () => {
  await withFolder(async (folder) => {
    const file = await EventFile.open(`${folder}/new`, 0);
    assertEquals(file.lastStep, 0);
    const time = { step: 300, seconds: 1.75e9 + 0.25 };
    file.addScalars(time, { loss: 0.1, bpp: 2 });
    await file.flush();
    const { path, values } = await readFolder(`${folder}/new`);
    const [{ step, tag, seconds, value }] = values as [typeof values[number]];
    // `fields` keeps the last value of an event.
    assertEquals({ step, tag, seconds }, { ...time, tag: "bpp" });
    assertEquals(floats(value.bytes(2)), [2]);
    assert(path.split("/").at(-1)!.includes("tfevents"));
  });
});

Deno.test("a file of events holds photos with their size", async () => {
  await withFolder(async (folder) => {
    const pixels = { width: 3, height: 2, data: new Uint8Array(18).fill(7) };
    const png = await encodePixels(pixels, "png");
    const file = await EventFile.open(folder, 0);
    await file.addPhotos({ step: 5, seconds: 0 }, "photos", png);
    await file.flush();
    const [{ value, tag }] = (await readFolder(folder)).values as [
      Awaited<ReturnType<typeof readFolder>>["values"][number],
    ];
    const image = fields(value.bytes(4));
    assertEquals(tag, "photos");
    assertEquals([image.number(1), image.number(2)], [2, 3]);
    assertEquals(image.bytes(4), png.slice());
  });
});

Deno.test("opened again, a file of events keeps the steps that are done", async () => {
  await withFolder(async (folder) => {
    await writeSteps(await EventFile.open(folder, 0), 1, 5);
    const again = await EventFile.open(folder, 3);
    assertEquals(again.lastStep, 3);
    await writeSteps(again, 4, 6);
    const { values } = await readFolder(folder);
    assertEquals(values.map(({ step }) => step), [1, 2, 3, 4, 5, 6]);
    assertEquals(values[1]!.seconds, 1e9 + 2);
    assertEquals(floats(values[3]!.value.bytes(2)), [0.25]);
    const other = await EventFile.open(folder, 0);
    await other.flush();
    assertEquals((await readFolder(folder)).values, []);
  });
});

Deno.test("an event that a crash cut off or damaged ends the file", async () => {
  await withFolder(async (folder) => {
    await writeSteps(await EventFile.open(folder, 0), 1, 3);
    const { path } = await readFolder(folder);
    const bytes = await Deno.readFile(path);
    for (const left of [1, 15, 20]) {
      await Deno.writeFile(path, bytes.subarray(0, bytes.length - left));
      assertEquals((await EventFile.open(folder, 3)).lastStep, 2, `${left}`);
    }
    bytes[bytes.length - 6]! ^= 1;
    await Deno.writeFile(path, bytes);
    assertEquals((await EventFile.open(folder, 3)).lastStep, 2);
  });
});

Deno.test("a folder that cannot be written gives one sentence", async () => {
  await withFolder(async (folder) => {
    const file = await EventFile.open(`${folder}/run`, 0);
    await file.flush();
    await Deno.remove(`${folder}/run`, { recursive: true });
    file.addScalars({ step: 1, seconds: 0 }, { loss: 1 });
    const error = await assertRejects(() => file.flush(), Error);
    assert(
      /^Could not write "[^\n]+": its folder does not exist\.$/
        .test(error.message),
    );
  });
});

Deno.test("crc32c gives what RFC 3720 lists", () => {
  const bytes = (value: (i: number) => number) =>
    Uint8Array.from({ length: 32 }, (_, i) => value(i));
  assertEquals(crc32c(bytes(() => 0)), 0x8a9136aa);
  assertEquals(crc32c(bytes(() => 0xff)), 0x62a8ab43);
  assertEquals(crc32c(bytes((i) => i)), 0x46dd794e);
  assertEquals(crc32c(bytes((i) => 31 - i)), 0x113fdb5c);
  assertEquals(crc32c(new Uint8Array()), 0);
});
