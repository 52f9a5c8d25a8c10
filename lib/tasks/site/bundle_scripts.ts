/**
 * The site's scripts, bundled with all that they import, so that pages load
 * nothing from other hosts.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { chartScript, elementScript, type SiteFiles } from "./site_files.ts";

/** Scripts for browsers. */
export interface ScriptBundle {
  /** The scripts with their paths, the entry points first. */
  readonly scripts: readonly { readonly path: string; readonly text: string }[];
  /** The licences of the packages in them. */
  readonly licences: string;
}

/**
 * Bundles scripts for browsers.
 *
 * @param root The checkout, with its `node_modules`.
 * @param entryPoints Scripts, relative to the checkout.
 * @param licences The name of the file of licences, for those who read a script.
 * @param options Further options of esbuild.
 * @returns The scripts and the licences of the packages in them.
 */
export async function bundleScripts(
  root: string,
  entryPoints: readonly string[],
  licences: string,
  options: esbuild.BuildOptions,
): Promise<ScriptBundle> {
  try {
    const { outputFiles, metafile } = await esbuild.build({
      platform: "browser",
      ...options,
      entryPoints: entryPoints.map((entry) => join(root, entry)),
      alias: { "@": join(root, "lib") },
      absWorkingDir: root,
      banner: { js: `/* Licences: ${licences} */` },
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
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

/** The licences of the packages that inputs of a bundle belong to. */
async function licencesOf(
  root: string,
  inputs: readonly string[],
): Promise<string> {
  const folders = inputs.flatMap((input) =>
    /^(?!\(disabled\)).*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
      .exec(input)?.[0] ?? []
  );
  const texts = await Promise.all(
    [...new Set(folders)].sort().map(async (folder) => {
      const path = resolve(root, folder);
      const name = folder.replace(/^.*node_modules\//, "");
      const file = readdirSync(path).find((file) => /^licen[cs]e/i.test(file));
      const { version, license } = JSON.parse(
        await Deno.readTextFile(join(path, "package.json")),
      );
      const text = file === undefined
        ? `${license}\n`
        : await Deno.readTextFile(join(path, file));
      return `${name} ${version}\n\n${text}`;
    }),
  );
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

/**
 * Bundles the script that draws charts live.
 *
 * @param root The checkout, with its `node_modules`.
 * @returns Files of the site: the script and its licences.
 */
export async function bundleCharts(root: string): Promise<SiteFiles> {
  const licencesFile = `${chartScript}.licences.txt`;
  const { scripts, licences } = await bundleScripts(
    root,
    ["lib/tasks/site/live_charts.ts"],
    "charts.js.licences.txt",
    { format: "iife" },
  );
  return new Map([
    [chartScript, scripts[0]!.text],
    [licencesFile, licences],
  ]);
}

/**
 * Bundles the script of the blind comparison, which has no packages in it.
 *
 * @param root The checkout, with its `node_modules`.
 * @returns The script.
 */
export async function bundleBlind(root: string): Promise<string> {
  const { scripts } = await bundleScripts(
    root,
    ["lib/tasks/site/blind/blind_script.ts"],
    "none",
    { format: "esm" },
  );
  return scripts[0]!.text;
}

/** Binaries of the wasm backend, which uses the one that the browser can run. */
const WASM = [
  "tfjs-backend-wasm.wasm",
  "tfjs-backend-wasm-simd.wasm",
  "tfjs-backend-wasm-threaded-simd.wasm",
];

/**
 * Replaces TensorFlow.js by the part of it that the codec uses: backends are
 * loaded when they are tried, and layers, data and model formats not at all.
 */
function smallTfjs(root: string): esbuild.Plugin {
  const [name, namespace] = ["@tensorflow/tfjs", "small-tfjs"];
  const core = "@tensorflow/tfjs-core";
  const ops = `${core}/dist/public/chained_ops/register_all_chained_ops.js`;
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${name}$`) }, () => ({
        path: name,
        namespace,
      }));
      build.onLoad({ filter: /./, namespace }, () => ({
        contents: `import "${ops}"; export * from "${core}";`,
        resolveDir: root,
      }));
    },
  };
}

/**
 * Bundles the decoder: the worker's script with the codec and TensorFlow.js,
 * whose parts are loaded when they are used, and `<onecode-image>`, a script of
 * its own.
 *
 * @param root The checkout, with its `node_modules`.
 * @param others Scripts that share parts with the worker's.
 * @returns Files of one folder, by their names.
 */
export async function bundleDecoder(
  root: string,
  others: readonly string[] = [],
): Promise<SiteFiles> {
  const { scripts, licences } = await bundleScripts(
    root,
    [...others, "lib/web/worker.ts"],
    "licences.txt",
    {
      plugins: [smallTfjs(root)],
      outdir: root,
      splitting: true,
      format: "esm",
    },
  );
  const files: SiteFiles = new Map();
  for (const { path, text } of scripts) files.set(relative(root, path), text);
  const element = await bundleScripts(
    root,
    ["lib/web/onecode_image.ts"],
    "licences.txt",
    { format: "esm" },
  );
  files.set(elementScript, element.scripts[0]!.text);
  const wasm = join(root, "node_modules/@tensorflow/tfjs-backend-wasm/dist");
  for (const name of WASM) {
    files.set(name, await Deno.readFile(join(wasm, name)));
  }
  return files.set("licences.txt", licences);
}
