import { fileURLToPath } from "node:url";

import { encodePixels } from "@/images/mod.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const task = fileURLToPath(new URL("../../lib/tasks/data.ts", import.meta.url));

async function runData(folder: string, ...args: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", task, ...args],
    env: { ONECODE_DATA: `${folder}/data`, NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("deno task data counts, names what it skips, and prepares", async () => {
  const folder = await Deno.makeTempDir();
  const photos = `${folder}/photos`;
  await Deno.mkdir(photos);
  for (let i = 0; i < 5; i++) {
    const data = new Uint8Array(20 * 20 * 3).fill(i);
    const png = await encodePixels({ width: 20, height: 20, data }, "png");
    await Deno.writeFile(`${photos}/${i}.png`, png);
  }
  await Deno.writeTextFile(`${photos}/broken.jpg`, "no photo");
  const args = [photos, "--high-size", "16", "--pairs", "6"];
  const { code, stdout, stderr } = await runData(folder, ...args);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /train +3 +6\n +valid +1 +1\n +test +1 +1\n/);
  assertStringIncludes(stdout, "16 by 16 and 8 by 8 pixels");
  assertMatch(stdout, /Skipped: 1\n {2}broken.jpg: Image cannot be read/);
  const kept = /Kept in (.*)\n/.exec(stdout)?.[1];
  assertEquals((await Deno.stat(`${kept}/pairs.bin`)).isFile, true);
  assertMatch(stderr, /Preparing pairs +8\/8/);
  assertEquals((await runData(folder, ...args)).stdout, stdout);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("deno task data says in one sentence what is wrong", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/empty`);
  const cases = [
    [["div3k"], 'Photo set "div3k" is neither starter, div2k, kodak nor'],
    [[`${folder}/empty`], "holds no JPEG, PNG, WebP, AVIF or TIFF file"],
    [["starter", "kodak"], 'Name one photo set, not "kodak" too.'],
    [["starter", "--all"], '--all is for div2k, not for "starter".'],
    [["--high-size", "15"], "--high-size must be even, not 15."],
  ] as const;
  const results = await Promise.all(
    cases.map(([args]) => runData(folder, ...args)),
  );
  for (const [i, { code, stdout, stderr }] of results.entries()) {
    assertEquals([code, stdout], [1, ""]);
    const lines = stderr.trim().split("\n");
    assertEquals(lines.length, 1, stderr);
    assertStringIncludes(lines[0]!, `error: `);
    assertStringIncludes(lines[0]!, cases[i]![1]);
  }
  await Deno.remove(folder, { recursive: true });
});
