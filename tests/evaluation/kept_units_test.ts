import { KeptUnits, UNITS_FILE } from "@/evaluation/kept_units.ts";
import { assertEquals, assertRejects } from "@std/assert";

async function withFolder(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await work(`${root}/runs/measured`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a piece of work is done once, also by a later process", async () => {
  await withFolder(async (folder) => {
    const worked: string[] = [];
    const find = (units: KeptUnits, name: string) =>
      units.once(["square", name], () => {
        worked.push(name);
        return Promise.resolve({ length: name.length });
      });
    const first = await KeptUnits.open(folder);
    assertEquals(await find(first, "a"), { length: 1 });
    assertEquals(await find(first, "bcd"), { length: 3 });
    assertEquals(await find(first, "a"), { length: 1 });
    const second = await KeptUnits.open(folder);
    assertEquals(second.count, 2);
    assertEquals(await find(second, "bcd"), { length: 3 });
    assertEquals(await find(second, "ef"), { length: 2 });
    assertEquals(worked, ["a", "bcd", "ef"]);
  });
});

Deno.test("a piece that failed or was torn is done again, and no other", async () => {
  await withFolder(async (folder) => {
    const units = await KeptUnits.open(folder);
    await units.once("a", () => Promise.resolve(1));
    await assertRejects(
      () => units.once("b", () => Promise.reject(new Error("Enough."))),
      Error,
      "Enough.",
    );
    assertEquals(units.count, 1);
    await units.once("b", () => Promise.resolve(2));
    const path = `${folder}/${UNITS_FILE}`;
    const whole = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, whole.slice(0, -7));

    const later = await KeptUnits.open(folder);
    assertEquals(later.count, 1);
    assertEquals(await later.once("b", () => Promise.resolve(3)), 3);
    const last = await KeptUnits.open(folder);
    assertEquals(last.count, 2);
    const never = () => Promise.reject(new Error("It is done."));
    assertEquals(await last.once("a", never), 1);
    assertEquals(await last.once("b", never), 3);
  });
});
