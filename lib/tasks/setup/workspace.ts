/**
 * Where set-up puts what it makes: everything is in `.venv` and
 * `node_modules`, nothing in the home folder.
 *
 * @module
 */
import { join } from "node:path";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/** The parts of a set-up, each of which needs those before it. */
export const PARTS = ["codec", "engine", "notebooks"] as const;

/**
 * A part: npm's packages, with which the codec runs; TensorFlow's library; and
 * the Python packages behind JupyterLab and the site.
 */
export type Part = (typeof PARTS)[number];

/** The paths of one checkout; all absolute. */
export interface Workspace {
  /** The checkout. */
  readonly root: string;
  /** The Python environment, `.venv`. */
  readonly venv: string;
  /** The environment's Python. */
  readonly python: string;
  /** The Deno that runs notebooks. */
  readonly kernelDeno: string;
  /** The folder of TensorFlow's library, but for the build for GPUs. */
  readonly engine: string;
  /** The record of what is set up. */
  readonly stamp: string;
  /** Held while a set-up runs. */
  readonly lock: string;
  /** The output of pip and npm. */
  readonly log: string;
  /** The folder that holds the pinned requirements. */
  readonly pins: string;
}

/**
 * The paths of a checkout.
 *
 * @param root Its folder; by default the project's own.
 * @returns Absolute paths, whether they exist or not.
 */
export function workspaceAt(root: string = PROJECT_ROOT): Workspace {
  const venv = join(root, ".venv");
  return {
    root,
    venv,
    python: join(venv, "bin", "python"),
    kernelDeno: join(venv, "bin", "deno"),
    engine: join(venv, "tensorflow"),
    stamp: join(venv, "onecode.json"),
    lock: join(venv, "setup.lock"),
    log: join(venv, "setup.log"),
    pins: join(root, "lib", "tasks", "setup"),
  };
}

/**
 * Keeps the files that Jupyter writes inside `.venv`.
 *
 * @param workspace The checkout.
 * @returns The environment variables to start Jupyter with.
 */
export function jupyterEnvironment(
  { venv }: Workspace,
): Record<string, string> {
  const home = join(venv, "jupyter");
  return {
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_PLATFORM_DIRS: "0",
    PYTHONNOUSERSITE: "1",
  };
}
