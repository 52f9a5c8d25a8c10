/**
 * The files of the npm package `onecode`:
 *
 *     lib/         index.js for Node.js and Deno, browser.js for bundlers of
 *                  pages, command.js for `npx onecode`, and parts of them
 *     index.d.ts   element.d.ts
 *     element/     `<onecode-image>`: a folder for any static host, with weights
 *     README.md    WEIGHTS.md  LICENSE  licences.txt  package.json
 *
 * @module
 */
import * as esbuild from "esbuild";
import { basename, join } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { readSafetensors } from "@/models/safetensors.ts";
import { bundleDecoder, bundleScripts } from "@/tasks/site/bundle_scripts.ts";
import type { SiteFiles } from "@/tasks/site/site_files.ts";
import { weightsName } from "@/web/demo_photos.ts";

/** The version of the package. */
export const PACKAGE_VERSION = "0.1.0";

/** The oldest Node.js that it runs on; that of sharp. */
const NODE = "20.9";

/** Packages that are installed beside it. */
const BESIDE = ["@tensorflow/tfjs-core", "@tensorflow/tfjs-backend-wasm"];

/** The weights of a package or of a folder for pages. */
export interface PackedWeights {
  /** Their id, hexadecimal. */
  readonly id: string;
  /** The name of their file. */
  readonly name: string;
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads the weights that are packed.
 *
 * @param path Their file.
 * @returns The file, its id and its name in the package.
 * @throws {UserError} If there is no such file.
 */
export async function readPackedWeights(path: string): Promise<PackedWeights> {
  const bytes = await Deno.readFile(path).catch(() => {
    throw new UserError(`There are no weights in "${path}".`);
  });
  const id = readSafetensors(bytes).metadata["id"] ?? "";
  return { id, name: weightsName(id), bytes };
}

/**
 * Makes the folder of `<onecode-image>`, which any static host can serve.
 *
 * @param root The checkout, with its `node_modules`.
 * @param weights What it decodes with.
 * @returns Files by name: the scripts, wasm, weights and licences.
 */
export async function elementFiles(
  root: string,
  { name, bytes }: PackedWeights,
): Promise<SiteFiles> {
  return (await bundleDecoder(root)).set(name, bytes);
}

/**
 * Makes the package.
 *
 * @param root The checkout, with its `node_modules`.
 * @param weights What it encodes and decodes with.
 * @returns Files by path.
 */
export async function packageFiles(
  root: string,
  weights: PackedWeights,
): Promise<SiteFiles> {
  const files: SiteFiles = new Map();
  const { imports } = JSON.parse(
    await Deno.readTextFile(join(root, "deno.json")),
  ) as { imports: Record<string, string> };
  const here = "lib/tasks/package";
  const bundle = async (
    entries: readonly string[],
    options: esbuild.BuildOptions,
    plugins: readonly esbuild.Plugin[],
  ) => {
    const { scripts } = await bundleScripts(
      root,
      entries.map((name) => `${here}/${name}`),
      "../element/licences.txt",
      {
        ...options,
        plugins: [besideTfjs(root), ...plugins],
        external: [...BESIDE, "sharp"],
        define: { WEIGHTS: JSON.stringify(`../element/${weights.name}`) },
        format: "esm",
        outdir: root,
      },
    );
    return scripts;
  };
  const forNode = await bundle(
    ["api.ts", "command.ts"],
    { platform: "node", splitting: true },
    [commandParts],
  );
  for (const { path, text } of forNode) {
    const name = path.slice(root.length + 1);
    if (name === "api.js") files.set("lib/index.js", text);
    else if (name === "command.js") {
      files.set(`lib/${name}`, `#!/usr/bin/env node\n${text}`);
    } else files.set(`lib/${name}`, text);
  }
  const [forPages] = await bundle(["api.ts"], {}, [
    replaced("./host.ts", join(root, here, "browser_host.ts")),
  ]);
  files.set("lib/browser.js", forPages!.text);
  for (const [name, content] of await elementFiles(root, weights)) {
    files.set(`element/${name}`, content);
  }
  files.set("LICENSE", await Deno.readTextFile(join(root, "LICENSE")));
  const words: Readonly<Record<string, string>> = {
    ...{ version: PACKAGE_VERSION, node: NODE },
    ...{ weights: weights.name, id: weights.id },
    bytes: `${weights.bytes.length}`,
    sha256: sha256Hex(weights.bytes),
  };
  for (
    const name of ["README.md", "WEIGHTS.md", "index.d.ts", "element.d.ts"]
  ) {
    const text = await Deno.readTextFile(
      new URL(`static/${name}`, import.meta.url),
    );
    const filled = text.replaceAll(/\{\{(\w+)\}\}/g, (_, word) => words[word]!);
    files.set(name, filled);
  }
  const description = packageJson((name) => imports[name]!.replace(/^.*@/, ""));
  return files.set("package.json", `${JSON.stringify(description, null, 2)}\n`);
}

/** The description of the package. */
function packageJson(versionOf: (name: string) => string): unknown {
  const versions = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, versionOf(name)]));
  return {
    name: "onecode",
    version: PACKAGE_VERSION,
    description: "Photos at three sizes in one file, each size a prefix of it",
    license: "MIT",
    author: "The onecode authors",
    keywords: ["image", "codec", "compression", "progressive", "cdn"],
    type: "module",
    exports: {
      ".": {
        types: "./index.d.ts",
        deno: "./lib/index.js",
        node: "./lib/index.js",
        default: "./lib/browser.js",
      },
      "./element": {
        types: "./element.d.ts",
        default: "./element/onecode-image.js",
      },
      "./element/*": "./element/*",
      "./package.json": "./package.json",
    },
    types: "./index.d.ts",
    bin: { onecode: "lib/command.js" },
    engines: { node: `>=${NODE}` },
    dependencies: versions(BESIDE),
    optionalDependencies: versions(["sharp"]),
  };
}

/**
 * Replaces TensorFlow.js by its core, which is installed beside the package. Of
 * the methods of tensors, which only the whole of TensorFlow.js has, those are
 * bundled that call functions of the core.
 */
function besideTfjs(root: string): esbuild.Plugin {
  const [core, namespace] = [BESIDE[0]!, "beside-tfjs"];
  const methods = `${core}/dist/public/chained_ops/`;
  const virtual: Readonly<Record<string, string>> = {
    "@tensorflow/tfjs": `import "${methods}register_all_chained_ops.js";` +
      `export * from "${core}";`,
    "../../tensor": `import { Tensor } from "${core}";` +
      "export { Tensor }; export const getGlobalTensorClass = () => Tensor;",
    "../../util": `import { util } from "${core}";` +
      "export const assert = util.assert; export const flatten = util.flatten;",
    // Not called by the codec.
    "./resize_bilinear": "",
    "./resize_nearest_neighbor": "",
  };
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^@tensorflow\/tfjs$/ }, ({ path }) => ({
        path,
        namespace,
      }));
      // Bundled, though the core itself is not.
      build.onResolve({ filter: /chained_ops/ }, ({ path }) => ({
        path: join(root, "node_modules", path),
        sideEffects: true,
      }));
      build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
        if (!importer.includes("chained_ops")) return undefined;
        if (path in virtual) return { path, namespace };
        if (path.startsWith("../../ops/")) {
          return { path: core, external: true };
        }
        return { path: join(importer, "..", `${path}.js`), sideEffects: true };
      });
      build.onLoad({ filter: /./, namespace }, ({ path }) => ({
        contents: virtual[path]!,
        resolveDir: root,
      }));
    },
  };
}

/** Takes another file for an import. */
function replaced(name: string, by: string): esbuild.Plugin {
  const filter = new RegExp(`${name.replaceAll(/[.]/g, "\\$&")}$`);
  return {
    name: `replaced-${basename(by)}`,
    setup(build) {
      build.onResolve({ filter }, () => ({ path: by }));
    },
  };
}

/** Makes the project's tasks the package's command. */
const commandParts: esbuild.Plugin = {
  name: "command-parts",
  setup(build) {
    build.onResolve({ filter: /codec_files\/start_backend\.ts$/ }, () => ({
      path: new URL("wasm_backend.ts", import.meta.url).pathname,
    }));
    build.onLoad(
      { filter: /codec_files\/early_start\.ts$/ },
      () => ({ contents: "" }),
    );
    // Effort needs TensorFlow, which the command does not load.
    build.onResolve({ filter: /refining_encoder\.ts$/ }, ({ path }) => ({
      path,
      external: true,
    }));
    const tasks = /lib\/tasks\/(encode|decode|inspect)\.ts$/;
    build.onLoad({ filter: tasks }, async ({ path }) => ({
      contents: (await Deno.readTextFile(path))
        .replaceAll(/deno task (?=encode|decode|inspect)/g, "npx onecode ")
        .replaceAll("`deno task setup:engine` installs it", "use the project"),
      loader: "ts",
    }));
  },
};
