/**
 * `deno task lab`: JupyterLab on this machine only, with the Deno kernel.
 *
 * @module
 */
import { join } from "node:path";
import { parseOptions } from "@/tasks/cli/parse_options.ts";
import { runTask } from "@/tasks/cli/run_task.ts";
import { jupyterEnvironment } from "@/tasks/setup/jupyter_environment.ts";
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

/** The command line of JupyterLab, after `python`. */
export function labArguments(
  workspace: Workspace,
  port: number,
  browser: boolean,
  root: boolean,
): string[] {
  return [
    ...["-I", "-m", "jupyterlab"],
    "--ip=127.0.0.1",
    `--port=${port}`,
    `--ServerApp.root_dir=${workspace.root}`,
    // A closed lid or a lost terminal must not wait for "Shut down? (y/n)".
    "--JupyterApp.answer_yes=True",
    "--LabApp.extension_manager=readonly",
    "--log-level=WARN",
    ...(browser ? [] : ["--no-browser"]),
    ...(root ? ["--allow-root"] : []),
  ];
}

/** The address of the server `pid`, once it listens. */
async function serverAddress(
  runtime: string,
  pid: number,
  ended: () => boolean,
): Promise<string | undefined> {
  const path = join(runtime, `jpserver-${pid}.json`);
  while (!ended()) {
    try {
      const { url, token } = JSON.parse(await Deno.readTextFile(path));
      return `${url}lab?token=${token}`;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return undefined;
}

/** Lines that tell a user nothing. */
const chatter =
  /^\[I |^\[C .*(\]\s*|received signal \d+, stopping)$|^Warning "deno jupyter"|^\s*$/;

/** Passes what JupyterLab says on, except for chatter and its long welcome. */
async function passOn(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  let rest = "";
  let welcome = false;
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (/To access the server, open this file/.test(line)) welcome = true;
      else if (welcome && /^\S/.test(line)) welcome = false;
      if (!welcome && !chatter.test(line)) console.error(line);
    }
  }
}

async function main(args: string[]): Promise<number> {
  const { options } = parseOptions({
    usage: "deno task lab [--no-browser] [--port N]",
    description: "Opens the notebooks in JupyterLab.",
    options: {
      "no-browser": { type: "boolean", help: "only print the address" },
      port: {
        type: "number",
        help: "first port to try",
        default: 8888,
        min: 1,
        max: 65535,
        integer: true,
      },
    },
  }, args);
  const workspace = workspaceAt();
  const env: Record<string, string> = {
    ...jupyterEnvironment(workspace),
    // What a new notebook begins with.
    JUPYTER_CONFIG_PATH: join(import.meta.dirname ?? "", "notebooks/lab"),
  };
  const child = new Deno.Command(workspace.python, {
    args: labArguments(
      workspace,
      options.port,
      !options["no-browser"],
      Deno.uid() === 0,
    ),
    cwd: workspace.root,
    env,
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
  });
  // Listening also resets an ignored SIGINT, which a shell passes on to what
  // it starts in the background: the kernels need it for the stop button.
  let stopped = false;
  let stop = () => {};
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      stopped = true;
      stop();
    });
  }
  const process = child.spawn();
  stop = () => process.kill("SIGTERM");
  let ended = false;
  const finished = process.status.finally(() => ended = true);
  const output = passOn(process.stderr);
  const address = await serverAddress(
    env["JUPYTER_RUNTIME_DIR"] ?? "",
    process.pid,
    () => ended,
  );
  if (address !== undefined) {
    console.log(`JupyterLab: ${address}`);
    console.log("Stop it with Ctrl+C.");
  }
  const status = await finished;
  await output;
  if (stopped || status.success) return 0;
  throw new UserError(
    `JupyterLab ended with status ${status.code}: its messages are above.`,
  );
}

if (import.meta.main) await runTask(main);
