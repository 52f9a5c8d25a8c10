import { UserError } from "@/errors/user_error.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { encodePixels } from "@/images/mod.ts";
import { openSection, runSection, show } from "@/notebook/mod.ts";
import { testPage } from "./_page.ts";

/** Photos of noise, so that no two are the same file. */
async function makePhotos(folder: string): Promise<void> {
  await Deno.mkdir(folder);
  for (let i = 0; i < 4; i++) {
    const data = new Uint8Array(350 * 344 * 3);
    for (let j = 0; j < data.length; j++) data[j] = (j * (i + 3)) >> 4;
    const bytes = await encodePixels({ width: 350, height: 344, data }, "png");
    await Deno.writeFile(`${folder}/${i}.png`, bytes);
  }
}

Deno.test("openSection draws published figures without TensorFlow", async () => {
  // In a process of its own, as this one may have loaded the engine before.
  const code = `
    import { openSection, show } from "@/notebook/mod.ts";
    import { isLoaded } from "@/tensorflow/library/is_loaded.ts";
    const { result, figure } = await openSection("data");
    for (const name of ["pairs", "channels"]) await show(figure(name));
    console.log(result.section, isLoaded());
  `;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", code],
    env: { NO_COLOR: "1" },
    stderr: "null",
  }).output();
  assertEquals(new TextDecoder().decode(stdout), "data false\n");
});

Deno.test("openSection names the command that makes a result", async () => {
  await assertRejects(
    () => openSection("data", "no/such"),
    Error,
    "run `deno task reproduce data`",
  );
});

Deno.test("openSection answers a mistyped name with the nearest one", async () => {
  await assertRejects(
    () => openSection("medium_trainin" as "medium_training"),
    UserError,
    'There is no section "medium_trainin"; did you mean "medium_training"?',
  );
});

Deno.test("a figure that is not there is answered with those that are", async () => {
  const { figure } = await openSection("data");
  await assertRejects(() => figure("los"), RangeError, "pairs, channels.");
});

Deno.test("runSection stops with a sentence, and resumes to a result", async () => {
  const folder = await Deno.makeTempDir();
  Deno.env.set("ONECODE_DATA", folder); // the pairs are cached there
  try {
    await makePhotos(`${folder}/photos`);
    const { shown, display } = testPage();
    const options = { data: `${folder}/photos`, out: folder, display };
    const error = await assertRejects(
      () => runSection("data", { ...options, signal: AbortSignal.abort() }),
      Error,
      "Run the cell again to resume.",
    );
    assertEquals(error.stack, error.message);

    const { result, figure } = await runSection("data", options);
    assertEquals(result.dataset.name, "photos");
    const bars = shown.filter(({ bundle }) => "text/html" in bundle);
    assert(String(bars.at(-1)!.bundle["text/plain"]).endsWith(": done."));
    await show(figure("pairs"), display);
    assert("image/jpeg" in shown.at(-1)!.bundle);
    const again = await openSection("data", folder);
    assertEquals(again.result, result);
  } finally {
    Deno.env.delete("ONECODE_DATA");
    await Deno.remove(folder, { recursive: true });
  }
});
