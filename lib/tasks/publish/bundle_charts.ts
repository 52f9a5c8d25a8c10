/**
 * The script that draws charts live: Vega, Vega-Lite and all else in one file,
 * so that a page asks nobody else for anything.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** A script and the licences of what is in it. */
export interface ChartBundle {
  /** JavaScript that needs no other file. */
  readonly script: string;
  /** The licences of its packages, text. */
  readonly licences: string;
}

/**
 * Bundle `live_charts.ts` for browsers.
 *
 * @param root The checkout, with its `node_modules`.
 */
export async function bundleCharts(root: string): Promise<ChartBundle> {
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints: [join(root, "lib", "tasks", "publish", "live_charts.ts")],
      alias: { "@": join(root, "lib") },
      absWorkingDir: root,
      banner: { js: "/* Licences: charts.js.licences.txt */" },
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      format: "iife",
      platform: "browser",
      target: "es2022",
      legalComments: "none",
      logLevel: "silent",
    });
    const inputs = Object.keys(metafile.inputs);
    return {
      script: outputFiles[0]!.text,
      licences: await licencesOf(root, inputs),
    };
  } finally {
    await esbuild.stop();
  }
}

/**
 * The licences of packages.
 *
 * @param root The checkout.
 * @param inputs Paths of files of theirs, relative to it.
 */
export async function licencesOf(
  root: string,
  inputs: readonly string[],
): Promise<string> {
  const folders = inputs.flatMap((input) =>
    /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input)?.[0] ?? []
  );
  const texts = await Promise.all(
    [...new Set(folders)].sort().map(
      async (folder) => {
        const path = resolve(root, folder);
        const name = folder.replace(/^.*node_modules\//, "");
        const file = readdirSync(path).find((file) =>
          /^licen[cs]e/i.test(file)
        );
        const { version, license } = JSON.parse(
          await Deno.readTextFile(join(path, "package.json")),
        );
        const text = file === undefined
          ? `${license}\n`
          : await Deno.readTextFile(join(path, file));
        return `${name} ${version}\n\n${text}`;
      },
    ),
  );
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}
