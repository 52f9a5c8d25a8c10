/**
 * The npm package in a folder of its own: used by Node.js, Deno, a bundled page's
 * build and TypeScript. The packages that it needs are linked, so that the test
 * needs no network.
 */
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as esbuild from "esbuild";
import {
  decodeImage,
  encodeImage,
  loadModel,
  readWeights,
} from "@/codec/mod.ts";
import { WEIGHTS_FILE } from "@/tasks/codec_files/read_model.ts";
import { temporaryFolder } from "@/tasks/cli/temporary_folder.ts";
import "@/tensorflow/mod.ts";
import type * as Api from "@/tasks/package/api.ts";
import type { OnecodeImage as Element } from "@/web/onecode_image.ts";
import type * as Declared from "@/tasks/package/static/index.d.ts";
import type { OnecodeImage } from "@/tasks/package/static/element.d.ts";
import { drawPicture } from "../../codec/_tiny_model.ts";
import { installPackage } from "./_install_package.ts";

/** Compiles if the declarations are those of the source. */
type Same<A, B> = [A, B] extends [B, A] ? true : never;
const sameTypes: Same<typeof Api, Omit<typeof Declared, never>> = true;
const sameElement: Element extends OnecodeImage ? true : never = true;

const USE = `
import { decode, decodeMedium, encode, inspect, mediumBytes } from "onecode";
import { readFileSync, writeFileSync } from "node:fs";
const read = (name) => new Uint8Array(readFileSync(name));
const ours = read("ours.onecode");
const k = mediumBytes(ours.subarray(0, 37));
const medium = await decodeMedium(ours.subarray(0, k));
const high = await decode(ours);
writeFileSync("high", high.data);
writeFileSync("medium", medium.data);
const photo = { width: 130, height: 70, data: read("photo") };
writeFileSync("theirs.onecode", await encode(photo, { quality: 60 }));
const error = await decode(ours.subarray(0, 30)).catch((error) => error);
console.log(JSON.stringify([k, inspect(ours).holds, error.name, error.code]));
`;

/** A program of a user, with types. */
const TYPED = `
import { decode, encode, type FileInfo, inspect, type Pixels } from "onecode";
import { OnecodeImage } from "onecode/element";
const photo: Pixels = { width: 1, height: 1, data: new Uint8Array(3) };
const file = await encode(photo, { quality: 50, mediumQuality: "lower" });
const info: FileInfo = inspect(file);
const { width } = await decode(file, { signal: AbortSignal.timeout(9) });
const image: OnecodeImage = document.createElement("onecode-image");
OnecodeImage.folder = new URL("https://example.org/element/");
export const bytes: number = info.mediumBytes + width + image.receivedBytes;
// @ts-expect-error there is no such quality
await encode(photo, { mediumQuality: "best" });
`;

async function run(
  command: string,
  args: readonly string[],
  folder: string,
): Promise<{ code: number; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

function worst(a: Uint8Array, b: Uint8Array): number {
  assertEquals(a.length, b.length);
  return a.reduce((most, one, i) => Math.max(most, Math.abs(one - b[i]!)), 0);
}

Deno.test("the package works in Node.js, Deno, bundles and TypeScript", async (t) => {
  assert(sameTypes && sameElement);
  using temporary = temporaryFolder("package_test");
  const folder = temporary.path;
  await installPackage(folder);
  const at = (name: string) => join(folder, name);
  const loaded = loadModel(readWeights(await Deno.readFile(WEIGHTS_FILE)));
  const photo = drawPicture(130, 70, "packed");
  const file = await encodeImage(loaded, photo, { quality: 60 });
  const expected = await decodeImage(loaded, file, { size: "both" });
  await Deno.writeFile(at("ours.onecode"), file);
  await Deno.writeFile(at("photo"), photo.data);
  await Deno.writeTextFile(at("use.mjs"), USE);
  await Deno.writeTextFile(at("typed.ts"), TYPED);
  const deno = ["--node-modules-dir=manual"];

  for (
    const [name, command, args] of [
      ["Node.js", "node", []],
      ["Deno", Deno.execPath(), ["run", "-A", "--no-lock", ...deno]],
    ] as const
  ) {
    await t.step(
      `${name} decodes files of TensorFlow, and the reverse`,
      async () => {
        const { code, stdout, stderr } = await run(
          command,
          [...args, "use.mjs"],
          folder,
        );
        assertEquals(code, 0, stderr);
        const { mediumBytes } = expected.header;
        assertEquals(JSON.parse(stdout), [
          mediumBytes,
          "high",
          ...["CodecError", "truncated"],
        ]);
        // The latents are equal, or these would be noise.
        const { high, medium } = expected;
        assertLess(worst(await Deno.readFile(at("high")), high!.data), 2);
        assertLess(worst(await Deno.readFile(at("medium")), medium!.data), 2);
        const theirs = await Deno.readFile(at("theirs.onecode"));
        const decoded = await decodeImage(loaded, theirs);
        assertEquals([decoded.highIs, decoded.high?.width], ["complete", 130]);
        assertLess(worst(decoded.high!.data, high!.data), 40);
      },
    );
  }
  loaded.dispose();

  await t.step("the command has the options of the tasks", async () => {
    const command = at("node_modules/onecode/lib/command.js");
    const onecode = (...args: string[]) =>
      run("node", [command, ...args], folder);
    const decoded = await onecode("decode", "ours.onecode", "--medium");
    assertEquals(decoded.stdout, "ours.png: 65x35 pixels\n", decoded.stderr);
    const html = await onecode("encode", "ours.png", "--html", "--force");
    assertMatch(
      html.stdout,
      /^<onecode-image src="ours.onecode" width="65" height="35" prefixes="\d+ \d+" loading="lazy" alt=""><\/onecode-image>\n$/,
    );
    const told = await onecode("inspect", "ours.onecode");
    assertMatch(told.stdout, /quality +50, coarseness 1, effort 0/);
    const wrong = await onecode("encode", "no.jpg");
    assertEquals([wrong.code, wrong.stderr.trim()], [
      1,
      'error: There is no "no.jpg".',
    ]);
    const help = await onecode("decode", "--help");
    assertMatch(help.stdout, /Usage: npx onecode decode/);
  });

  await t.step("a page's bundle has no part of Node.js", async () => {
    await Deno.writeTextFile(
      at("page.js"),
      'import { decodeMedium } from "onecode"; import "onecode/element";' +
        "globalThis.decodeMedium = decodeMedium;",
    );
    const { outputFiles } = await esbuild.build({
      entryPoints: [at("page.js")],
      ...{ bundle: true, write: false, format: "esm", platform: "browser" },
      ...{ absWorkingDir: folder, logLevel: "silent" },
    });
    await esbuild.stop();
    const { text } = outputFiles![0]!;
    assertEquals(/from\s*"(node:|sharp)/.test(text), false);
    assertMatch(text, /onecode-image/);
  });

  await t.step("a user's TypeScript finds the types", async () => {
    const config = at("deno.json");
    await Deno.writeTextFile(
      config,
      JSON.stringify({ compilerOptions: { lib: ["deno.window", "dom"] } }),
    );
    const { code, stderr } = await run(
      Deno.execPath(),
      ["check", "--no-lock", ...deno, "--config", config, "typed.ts"],
      folder,
    );
    assertEquals(code, 0, stderr);
  });

  await t.step("what the description names is there", async () => {
    const root = at("node_modules/onecode");
    const { exports, bin, types } = JSON.parse(
      await Deno.readTextFile(join(root, "package.json")),
    );
    const names = [exports["."], exports["./element"], bin]
      .flatMap((one) => Object.values(one) as string[]).concat(types);
    for (const name of names) assert(existsSync(join(root, name)), name);
    const weights = await Deno.readTextFile(join(root, "WEIGHTS.md"));
    assertEquals(/\{\{|undefined/.test(weights), false);
    assertMatch(weights, /SHA-256: `[0-9a-f]{64}`/);
  });
});
