/**
 * Configures JupyterLab: offers the Deno kernel, and turns its news off.
 *
 * @see {@link https://jupyter-client.readthedocs.io/en/stable/kernels.html}
 * @module
 */
import { dirname, join } from "node:path";
import type { Workspace } from "./workspace.ts";

/**
 * The kernel's description. `{resource_dir}` is its own folder, so the
 * environment's Deno is found wherever the checkout is; without `NO_COLOR`
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

/** Offers only the Deno kernel, as the notebooks are TypeScript. */
const jupyterConfig = {
  KernelSpecManager: {
    allowed_kernelspecs: ["deno"],
    ensure_native_kernel: false,
  },
  MultiKernelManager: { default_kernel_name: "deno" },
};

async function writeJson(path: string, value: unknown): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, JSON.stringify(value, null, 2) + "\n");
}

/**
 * Writes the kernel's description, the settings of JupyterLab and those of
 * Jupyter below `.venv`, where only this environment's Jupyter reads them.
 *
 * @param workspace The checkout.
 */
export async function writeJupyterFiles(workspace: Workspace): Promise<void> {
  const share = join(workspace.venv, "share", "jupyter");
  await writeJson(join(share, "kernels", "deno", "kernel.json"), kernel);
  await writeJson(
    join(share, "lab", "settings", "overrides.json"),
    labSettings,
  );
  await writeJson(
    join(workspace.venv, "etc", "jupyter", "jupyter_config.json"),
    jupyterConfig,
  );
}
