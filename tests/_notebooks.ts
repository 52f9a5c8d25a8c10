import { existsSync } from "node:fs";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/**
 * Options of a test that needs JupyterLab, Sphinx or another Python package. It
 * is skipped where only the engine is set up.
 */
export const needsPython: { readonly ignore: boolean } = {
  ignore: !existsSync(workspaceAt().kernelDeno),
};
