/**
 * How to open in TensorBoard what a task logs.
 *
 * @module
 */
import { join, relative } from "node:path";
import { type Workspace, workspaceAt } from "@/tasks/setup/workspace.ts";

/** What the option `--tensorboard` of tasks that train does. */
export const TENSORBOARD_HELP = "also log each run for TensorBoard";

/**
 * Says by which command the logs of all runs in a folder of results are opened.
 *
 * @param results The folder that holds `runs/`.
 * @param workspace Whose TensorBoard is used.
 * @param from Where the command is given; paths below it are relative.
 */
export function tensorBoardLine(
  results: string,
  workspace: Workspace = workspaceAt(),
  from: string = Deno.cwd(),
): string {
  const shown = (path: string) => {
    const near = relative(from, path);
    const short = near.startsWith("..") ? path : near;
    return /^[\w./+@-]+$/.test(short)
      ? short
      : `'${short.replaceAll("'", `'\\''`)}'`;
  };
  const program = join(workspace.venv, "bin", "tensorboard");
  return `TensorBoard: ${shown(program)} --logdir ${
    shown(join(results, "runs"))
  }`;
}
