/**
 * Bundles the specs that ship inside the npm packages of TensorFlow.js
 * together with the engine, so that all of them share one tfjs-core.
 *
 *     tfjs-core's specs ──────┐
 *     tfjs-node-gpu's specs ──┼─▶ one module, specs registered as it loads
 *     lib/tensorflow ─────────┘
 *
 * tfjs-node-gpu's specs import its own entry, which opens a native add-on; they
 * get the engine instead.
 *
 * @module
 */
import { dirname, join } from "node:path";
import * as esbuild from "esbuild";
import { PROJECT_ROOT as ROOT } from "@/files/project_root.ts";

const CORE = packageFolder("tfjs-core");
const NODE = packageFolder("tfjs-node-gpu");

/** Spec files that cannot run, with the reason. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  "image_test.js": "its pictures are not part of the npm package",
  "saved_model_test.js": "its models are not part of the npm package",
};

/** The source of modules that replace others, by name. */
const STAND_INS: Readonly<Record<string, string>> = {
  environment: `
    import { setTestEnvs } from "${join(CORE, "dist/jasmine_util.js")}";
    import "${join(ROOT, "lib/tensorflow/api/tf.ts")}";
    setTestEnvs([{
      name: "test-tensorflow",
      backendName: "tensorflow",
      flags: {},
      isDataSync: true,
    }]);`,
  // tfjs-node-gpu's dist/index.js without its native add-on.
  index: `
    const tf = require("@tensorflow/tfjs");
    const { node } = require("${join(NODE, "dist/node.js")}");
    const io = require("${join(NODE, "dist/io/index.js")}");
    const { version } = require("${join(NODE, "dist/version.js")}");
    const { ProgbarLogger } = require("${join(NODE, "dist/callbacks.js")}");
    tf.registerCallbackConstructor(1, ProgbarLogger);
    module.exports = {
      ...tf,
      node,
      io: { ...tf.io, ...io },
      version: { ...tf.version, "tfjs-node": version },
    };`,
  binding: `export * from "${
    join(ROOT, "lib/tensorflow/backend/binding.ts")
  }";`,
  tmp: `
    const { mkdtempSync } = require("node:fs");
    const { tmpdir } = require("node:os");
    const { join } = require("node:path");
    exports.dirSync = () => ({ name: mkdtempSync(join(tmpdir(), "specs-")) });`,
  "node-pre-gyp": `exports.find = () => "";`,
};

/** The real folder of an npm package of TensorFlow.js. */
function packageFolder(name: string): string {
  const tfjs = Deno.realPathSync(
    join(ROOT, "node_modules", "@tensorflow", "tfjs"),
  );
  try {
    return Deno.realPathSync(join(dirname(tfjs), name));
  } catch {
    return Deno.realPathSync(join(ROOT, "node_modules", "@tensorflow", name));
  }
}

/** Paths of the spec files under a folder, in order. */
function specFiles(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder))
    .sort((a, b) => a.name < b.name ? -1 : 1)
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory) return specFiles(path);
      return entry.name.endsWith("_test.js") && !(entry.name in LEFT_OUT)
        ? [path]
        : [];
    });
}

/** The module that the bundle starts from. */
function entry(): string {
  const core = (path: string) => join(CORE, "dist", path);
  return [
    "conformance:environment", // before the first spec is read
    core("public/chained_ops/register_all_chained_ops.js"),
    core("register_all_gradients.js"),
    core("tests.js"),
    ...specFiles(join(NODE, "dist")),
  ].map((path) => `import ${JSON.stringify(path)};`).join("\n");
}

const substitutes: esbuild.Plugin = {
  name: "substitutes",
  setup(build) {
    const standIn = (name: string) => ({ path: name, namespace: "stand-in" });
    build.onResolve(
      { filter: /^conformance:/ },
      ({ path }) => standIn(path.slice("conformance:".length)),
    );
    build.onResolve({ filter: /^tmp$/ }, () => standIn("tmp"));
    build.onResolve(
      { filter: /^@mapbox\/node-pre-gyp$/ },
      () => standIn("node-pre-gyp"),
    );
    build.onResolve(
      { filter: /^\.\.?\/index$/ },
      ({ path, resolveDir }) =>
        join(resolveDir, path) === join(NODE, "dist/index")
          ? standIn("index")
          : undefined,
    );
    build.onResolve({ filter: /^jasmine-core\// }, ({ path }) => ({
      path: join(ROOT, "node_modules", path),
    }));
    build.onLoad({ filter: /.*/, namespace: "stand-in" }, ({ path }) => ({
      contents: STAND_INS[path] ?? "",
      resolveDir: ROOT,
    }));
    // The engine finds the library from where the project is.
    build.onLoad({ filter: /lib\/files\/project_root\.ts$/ }, () => ({
      contents: `export const PROJECT_ROOT = ${JSON.stringify(ROOT)};`,
    }));
    // Old-style classes cannot call the constructors of tfjs-core's new ones.
    build.onLoad(
      { filter: /tfjs-node-gpu\/dist\/(nodejs_kernel_backend|callbacks)\.js$/ },
      async ({ path }) => ({
        contents: (await Deno.readTextFile(path)).replaceAll(
          "_super.call(this",
          "construct(_super, new.target",
        ) + `
          function construct(base, target, ...values) {
            return Reflect.construct(base, values, target);
          }`,
      }),
    );
    // This one opens the add-on itself.
    build.onLoad({ filter: /tfjs_binding_test\.js$/ }, async ({ path }) => ({
      contents: (await Deno.readTextFile(path)).replace(
        "require(bindingPath)",
        'require("conformance:binding").binding',
      ),
    }));
  },
};

/**
 * Writes the bundle.
 *
 * @param file The module to write; importing it registers every spec with
 * the global Jasmine.
 * @throws {Error} If esbuild cannot resolve an import.
 */
export async function bundleSpecs(file: string): Promise<void> {
  try {
    await esbuild.build({
      stdin: { contents: entry(), resolveDir: ROOT },
      outfile: file,
      alias: { "@": join(ROOT, "lib") },
      bundle: true,
      format: "esm",
      platform: "node",
      // tfjs-core declares its specs free of side effects.
      ignoreAnnotations: true,
      target: "esnext",
      mainFields: ["module", "main"],
      banner: {
        js: 'import { createRequire } from "node:module";\n' +
          `const __dirname = ${JSON.stringify(ROOT)};\n` +
          `const require = createRequire(${
            JSON.stringify(join(ROOT, "deno.json"))
          });`,
      },
      logLevel: "error",
      plugins: [substitutes],
    });
  } finally {
    await esbuild.stop();
  }
}
