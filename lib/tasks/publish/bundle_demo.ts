/**
 * The demo's scripts: the page's, and the worker's with the codec and
 * TensorFlow.js, whose parts are loaded where they are used.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { basename, join, relative } from "node:path";
import { licencesOf } from "./bundle_charts.ts";
import { demoFolder } from "./page_names.ts";
import type { SiteFiles } from "./site_files.ts";

/** Binaries of the wasm backend; it takes the one that the browser can run. */
const WASM = [
  "tfjs-backend-wasm.wasm",
  "tfjs-backend-wasm-simd.wasm",
  "tfjs-backend-wasm-threaded-simd.wasm",
];

/**
 * The part of TensorFlow.js that the codec uses, in the place of the whole:
 * backends come when they are tried, and layers, data and model formats not at
 * all.
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
 * Bundle the demo for browsers.
 *
 * @param root The checkout, with its `node_modules`.
 * @returns Files of the site.
 */
export async function bundleDemo(root: string): Promise<SiteFiles> {
  try {
    const { outputFiles, metafile } = await esbuild.build({
      entryPoints: ["page", "worker"].map((name) =>
        join(root, "lib", "demo", `${name}.ts`)
      ),
      alias: { "@": join(root, "lib") },
      plugins: [smallTfjs(root)],
      absWorkingDir: root,
      outdir: join(root, demoFolder),
      banner: { js: "/* Licences: licences.txt */" },
      bundle: true,
      write: false,
      metafile: true,
      minify: true,
      splitting: true,
      format: "esm",
      platform: "browser",
      target: "es2022",
      legalComments: "none",
      logLevel: "silent",
    });
    const files: SiteFiles = new Map();
    for (const { path, text } of outputFiles) {
      files.set(relative(root, path), text);
    }
    const packages = join(root, "node_modules", "@tensorflow");
    for (const name of WASM) {
      files.set(
        `${demoFolder}/${basename(name)}`,
        await Deno.readFile(
          join(packages, "tfjs-backend-wasm", "dist", name),
        ),
      );
    }
    // Some modules for Node.js are replaced by empty ones, and one is ours.
    const inputs = Object.keys(metafile.inputs)
      .filter((input) => !/^(\(disabled\)|small-tfjs):/.test(input));
    files.set(`${demoFolder}/licences.txt`, await licencesOf(root, inputs));
    return files;
  } finally {
    await esbuild.stop();
  }
}
