/**
 * What tasks that write or read results have in common.
 *
 * @module
 */
import { join } from "node:path";
import { shownPath } from "./user_folder.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/** The option `--out` of tasks that write or read results. */
export const OUT_OPTION = {
  type: "string",
  value: "FOLDER",
  help: "folder of the results (default results, in the project)",
} as const;

/** The option `--tensorboard` of tasks that train. */
export const TENSORBOARD_OPTION = {
  type: "boolean",
  help: "also log each run for TensorBoard",
} as const;

/** The option `--seed` of tasks that train. */
export const SEED_OPTION = {
  type: "number",
  integer: true,
  min: 0,
  default: 1,
  help: "seed of initial weights, crops and the order of photos",
} as const;

/**
 * The folder of the results.
 *
 * @param out The value of `--out`.
 * @returns Its path.
 */
export function resultsFolder(out: string | undefined): string {
  return out ?? join(PROJECT_ROOT, "results");
}

/**
 * The command that opens the logs of all runs in TensorBoard.
 *
 * @param results The folder of the results, which holds `runs/`.
 * @param root The project's folder, which holds TensorBoard.
 * @param from The folder to give the command in; paths below it are relative.
 * @returns A line to print.
 */
export function tensorBoardLine(
  results: string,
  root: string = PROJECT_ROOT,
  from: string = Deno.cwd(),
): string {
  const shown = (path: string) => {
    const short = shownPath(path, from);
    return /^[\w./+@-]+$/.test(short)
      ? short
      : `'${short.replaceAll("'", `'\\''`)}'`;
  };
  const program = shown(join(root, ".venv", "bin", "tensorboard"));
  return `TensorBoard: ${program} --logdir ${shown(join(results, "runs"))}`;
}
