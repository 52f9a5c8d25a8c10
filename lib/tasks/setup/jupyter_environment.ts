/**
 * Keeps all that Jupyter writes inside the checkout's `.venv`.
 *
 * @module
 */
import { join } from "node:path";
import type { Workspace } from "./workspace.ts";

/** The environment variables under which Jupyter is started. */
export function jupyterEnvironment(
  workspace: Workspace,
): Record<string, string> {
  const home = join(workspace.venv, "jupyter");
  return {
    JUPYTER_DATA_DIR: join(home, "data"),
    JUPYTER_RUNTIME_DIR: join(home, "runtime"),
    JUPYTER_CONFIG_DIR: join(home, "config"),
    JUPYTER_PREFER_ENV_PATH: "1",
    JUPYTER_PLATFORM_DIRS: "0",
    PYTHONNOUSERSITE: "1",
  };
}
