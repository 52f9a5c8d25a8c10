/**
 * Tells JupyterLab about the Deno kernel, and turns its news off.
 *
 * @see {@link https://jupyter-client.readthedocs.io/en/stable/kernels.html}
 * @module
 */
import { dirname, join } from "node:path";
import type { Workspace } from "./workspace.ts";

/**
 * The kernel's description. `{resource_dir}` is its own folder, so the
 * environment's Deno is found wherever the checkout lies; without `NO_COLOR`
 * every text result holds colour codes.
 */
const kernel = {
  argv: [
    "{resource_dir}/../../../../bin/deno",
    "jupyter",
    "--kernel",
    "--conn",
    "{connection_file}",
  ],
  display_name: "Deno",
  language: "typescript",
  env: { NO_COLOR: "1" },
};

const labSettings = {
  "@jupyterlab/apputils-extension:notification": {
    fetchNews: "false",
    checkForUpdates: false,
  },
};

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * Writes the kernel's description and the settings of JupyterLab below
 * `.venv/share/jupyter`. The Python kernel that comes with JupyterLab is taken
 * out: notebooks here are TypeScript.
 */
export async function writeJupyterFiles(workspace: Workspace): Promise<void> {
  const share = join(workspace.venv, "share", "jupyter");
  await writeJson(join(share, "kernels", "deno", "kernel.json"), kernel);
  await writeJson(
    join(share, "lab", "settings", "overrides.json"),
    labSettings,
  );
  await Deno.remove(join(share, "kernels", "python3"), { recursive: true })
    .catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
}
