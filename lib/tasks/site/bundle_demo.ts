/**
 * The demo's scripts: the page's, and the worker's with the codec and
 * TensorFlow.js, whose parts are loaded where they are used.
 *
 * @module
 */
import type { Plugin } from "esbuild";
import { join, relative } from "node:path";
import { bundleScripts } from "./bundle_scripts.ts";
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
function smallTfjs(root: string): Plugin {
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
  const { scripts, licences } = await bundleScripts(
    root,
    ["lib/web/page.ts", "lib/web/worker.ts"],
    "licences.txt",
    {
      plugins: [smallTfjs(root)],
      outdir: join(root, demoFolder),
      splitting: true,
      format: "esm",
    },
  );
  const files: SiteFiles = new Map();
  for (const { path, text } of scripts) {
    files.set(relative(root, path), text);
  }
  const packages = join(root, "node_modules", "@tensorflow");
  for (const name of WASM) {
    files.set(
      `${demoFolder}/${name}`,
      await Deno.readFile(join(packages, "tfjs-backend-wasm", "dist", name)),
    );
  }
  files.set(`${demoFolder}/licences.txt`, licences);
  return files;
}
