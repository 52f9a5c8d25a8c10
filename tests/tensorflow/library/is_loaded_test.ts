import { assertEquals } from "@std/assert";

/** What a program prints that asks before and after an import. */
async function run(imported: string): Promise<string> {
  const code = `
    const { isLoaded } = await import("@/tensorflow/library/is_loaded.ts");
    const before = isLoaded();
    await import("${imported}");
    console.log(before, isLoaded());`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
  }).output();
  return new TextDecoder().decode(stdout).trim();
}

Deno.test("isLoaded() is true once the engine was imported", async () => {
  assertEquals(await run("@/tensorflow/mod.ts"), "false true");
});

Deno.test("isLoaded() stays false for modules without TensorFlow", async () => {
  assertEquals(await run("@/errors/invalid.ts"), "false false");
});
