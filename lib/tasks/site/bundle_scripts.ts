/**
 * Scripts for browsers, with all that they import, so that a page asks nobody
 * else for anything.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

/** What a bundle of scripts is made of. */
export interface ScriptBundle {
  /** The scripts, the first one first. */
  readonly scripts: readonly { readonly path: string; readonly text: string }[];
  /** The licences of its packages, text. */
  readonly licences: string;
}

/**
 * Bundles scripts.
 *
 * @param root The checkout, with its `node_modules`.
 * @param entries Scripts in it.
 * @param licences Where the licences will lie, for those who read a script.
 * @param options What else esbuild is told.
 */
export async function bundleScripts(
  root: string,
  entries: readonly string[],
  licences: string,
  options: esbuild.BuildOptions,
): Promise<ScriptBundle> {
  try {
    const { outputFiles, metafile } = await esbuild.build({
      ...options,
      entryPoints: entries.map((entry) => join(root, entry)),
      alias: { "@": join(root, "lib") },
      absWorkingDir: root,
      banner: { js: `/* Licences: ${licences} */` },
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      platform: "browser",
      target: "es2022",
      legalComments: "none",
      logLevel: "silent",
    });
    return {
      scripts: outputFiles,
      licences: await licencesOf(root, Object.keys(metafile.inputs)),
    };
  } finally {
    await esbuild.stop();
  }
}

/**
 * The licences of packages.
 *
 * @param root The checkout.
 * @param inputs Paths of files of theirs, relative to it; others, and modules
 * that are no files, are passed over.
 */
export async function licencesOf(
  root: string,
  inputs: readonly string[],
): Promise<string> {
  const folders = inputs.flatMap((input) =>
    /^(?!\(disabled\)).*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
      .exec(input)?.[0] ?? []
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
