/**
 * Puts the project's extension of JupyterLab, `follow_runs.ts`, where JupyterLab
 * looks for extensions that are built already.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { join } from "node:path";

const script = "static/follow_runs.js";

/** What JupyterLab reads to load it. */
const description = {
  name: "onecode",
  version: "1.0.0",
  description: "Shows a running notebook's outputs in a tab opened later.",
  jupyterlab: {
    extension: true,
    _build: { load: script, extension: "./extension" },
  },
};

/**
 * Writes the extension.
 *
 * @param venv The Python environment of JupyterLab.
 */
export async function writeLabExtension(venv: string): Promise<void> {
  const folder = join(venv, "share/jupyter/labextensions", description.name);
  const source = join(import.meta.dirname!, "follow_runs.ts");
  try {
    await esbuild.build({
      entryPoints: [source],
      outfile: join(folder, script),
      format: "iife",
      target: "es2022",
      logLevel: "silent",
    });
  } finally {
    await esbuild.stop();
  }
  await Deno.writeTextFile(
    join(folder, "package.json"),
    `${JSON.stringify(description, null, 2)}\n`,
  );
}
