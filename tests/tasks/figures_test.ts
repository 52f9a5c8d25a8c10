import { assertEquals, assertMatch } from "@std/assert";
import { sectionNames } from "@/sections/published.ts";
import { withFolder } from "../_folder.ts";
import { withWorkplace } from "../experiment/_photos.ts";
import { runTask } from "./_run_task.ts";

async function readAll(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name } of Deno.readDir(folder)) {
    files[name] = (await Deno.readFile(`${folder}/${name}`)).toHex();
  }
  return files;
}

Deno.test("deno task figures draws the very same figures from the result", async () => {
  await withWorkplace(async ({ photos, data, out }) => {
    const made = await runTask(
      "reproduce",
      ["data", "--data", photos, "--out", out],
      data,
    );
    assertEquals(made.code, 0, made.stderr);
    const folder = `${out}/data/figures`;
    const figures = await readAll(folder);
    assertEquals(Object.keys(figures).sort(), ["channels.svg", "pairs.jpg"]);
    await Deno.remove(folder, { recursive: true });
    // The photos are no longer needed.
    await Deno.remove(photos, { recursive: true });
    const drawn = await runTask("figures", ["data", "--out", out], data);
    assertEquals(drawn, {
      code: 0,
      stdout: `${folder}/pairs.jpg\n${folder}/channels.svg\n`,
      stderr: "",
    });
    assertEquals(await readAll(folder), figures);
    // Without names, sections that have no result are skipped.
    const all = await runTask("figures", ["--out", out], data);
    assertEquals([all.code, all.stdout], [0, drawn.stdout]);
    assertEquals(
      all.stderr.trimEnd().split("\n"),
      sectionNames.filter((name) => name !== "data").map((name) =>
        `${name} has no result yet: nothing to draw.`
      ),
    );
    await Deno.writeTextFile(`${out}/data/result.json`, "{}");
    const broken = await runTask("figures", ["--out", out], data);
    assertEquals([broken.code, broken.stdout], [1, ""]);
    assertMatch(broken.stderr, /^error: ".+" is not a result of data: run /);
  });
});

Deno.test("deno task figures draws without TensorFlow", async () => {
  await withFolder(async (out) => {
    await Deno.mkdir(`${out}/data`);
    for (const file of ["result.json", "high.webp", "medium.webp"]) {
      await Deno.copyFile(`results/data/${file}`, `${out}/data/${file}`);
    }
    // In a process of its own, as this one may have loaded the engine before.
    const code = `
      import { main } from "@/tasks/figures.ts";
      import { isLoaded } from "@/tensorflow/library/is_loaded.ts";
      await main(["data", "--out", ${JSON.stringify(out)}]);
      console.log(isLoaded());
    `;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", "--ext=ts", code],
      env: { NO_COLOR: "1" },
    }).output();
    assertEquals(
      new TextDecoder().decode(stdout).trimEnd().split("\n"),
      [
        `${out}/data/figures/pairs.jpg`,
        `${out}/data/figures/channels.svg`,
        "false",
      ],
      new TextDecoder().decode(stderr),
    );
  });
});

Deno.test("deno task figures says in one sentence what is wrong", async () => {
  const out = "/no/results";
  const cases = [
    [
      ["data", "--out", out],
      /^error: There is no "\/no\/results\/data\/result\.json": run `deno task reproduce data`\.\n$/,
    ],
    [["dta"], /^error: There is no section "dta"; did you mean "data"\?\n$/],
  ] as const;
  const ends = await Promise.all(
    cases.map(([args]) => runTask("figures", args, "/no/data")),
  );
  ends.forEach(({ code, stdout, stderr }, i) => {
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, cases[i]![1]);
  });
});
