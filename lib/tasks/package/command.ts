/**
 * `npx onecode encode|decode|inspect`: the tasks of the same names, on Node.js.
 *
 * @module
 */
import "./deno_in_node.ts";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { weightsFile } from "./weights_file.ts";

const USAGE = `Stores photos at two sizes in one file.

Usage: npx onecode encode FILES|FOLDERS|-
       npx onecode decode FILES|FOLDERS|-
       npx onecode inspect FILES|FOLDERS|-

"npx onecode encode --help" explains the options.`;

const commands: Readonly<
  Record<string, () => Promise<{ main: (args: string[]) => Promise<number> }>>
> = {
  encode: () => import("@/tasks/encode.ts"),
  decode: () => import("@/tasks/decode.ts"),
  inspect: () => import("@/tasks/inspect.ts"),
};

async function run(args: readonly string[]): Promise<number> {
  const [name = "", ...others] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    const isHelp = name === "--help" || name === "-h";
    if (isHelp) console.log(USAGE);
    else console.error(USAGE);
    return isHelp ? 0 : 1;
  }
  const hasModel = others.some((word) => /^--model(=|$)/.test(word));
  const model = ["--model", fileURLToPath(weightsFile)];
  // Not before Node.js has Deno's API.
  const { taskStatus } = await import("@/tasks/cli/run_task.ts");
  return await taskStatus(async (args) => {
    const { main } = await load();
    return await main(args);
  }, hasModel ? others : [...model, ...others]);
}

process.exit(await run(process.argv.slice(2)));
