/**
 * `deno task lab`: JupyterLab on this machine only, with the Deno kernel.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { readLines } from "@/files/read_lines.ts";
import {
  parseOptions,
  patientSignal,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";
import { writeLabExtension } from "@/tasks/notebooks/lab/write_extension.ts";
import { jupyterEnvironment, workspaceAt } from "@/tasks/setup/workspace.ts";

/** What JupyterLab opens. */
const FIRST_PAGE = "lab/tree/notebooks/0_overview.ipynb";

/** How JupyterLab is started. */
export interface LabOptions {
  /** The folder that it shows. */
  readonly folder: string;
  /** The first port to try. */
  readonly port: number;
  /** Whether it opens a browser. */
  readonly browser: boolean;
  /** Whether the user is root, which JupyterLab has to be told. */
  readonly isRoot: boolean;
}

/**
 * Makes the command line of JupyterLab.
 *
 * @param options How it is started.
 * @returns The arguments of Python.
 */
export function labArguments(
  { folder, port, browser, isRoot }: LabOptions,
): string[] {
  return [
    ...["-I", "-m", "jupyterlab"],
    "--ip=127.0.0.1",
    `--port=${port}`,
    `--ServerApp.root_dir=${folder}`,
    // A closed lid or a lost terminal must not wait for "Shut down? (y/n)".
    "--JupyterApp.answer_yes=True",
    "--LabApp.extension_manager=readonly",
    `--LabApp.default_url=/${FIRST_PAGE}`,
    // A login shell would set another PATH.
    "--ServerApp.terminado_settings={'shell_command': ['" +
    `${Deno.env.get("SHELL") ?? "/bin/sh"}']}`,
    "--log-level=WARN",
    ...(browser ? [] : ["--no-browser"]),
    ...(isRoot ? ["--allow-root"] : []),
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
      return `${url}${FIRST_PAGE}?token=${token}`;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return undefined;
}

/** Lines that do not help a user. */
const chatter = new RegExp(
  [
    "^\\[I ",
    "^\\[C .*(\\]\\s*|received signal \\d+, stopping)$",
    "^\\[W .*(is not trusted|/\\.~.* doesn't exist)$",
    "websocket_ping_timeout",
    "^Client (dis)?connected ",
    '^Warning "deno jupyter"',
    "^\\s*$",
  ].join("|"),
);

/** Prints what JupyterLab prints, except for chatter and its long welcome. */
async function passOn(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): Promise<void> {
  let welcome = false;
  for await (const line of readLines(stream)) {
    if (/To access the server, open this file/.test(line)) welcome = true;
    else if (welcome && /^\S/.test(line)) welcome = false;
    if (!welcome && !chatter.test(line)) console.error(line);
  }
}

async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task lab [--no-browser] [--port N]",
    description: "Opens the notebooks in JupyterLab.",
    options: {
      "no-browser": { type: "boolean", help: "print the address only" },
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
  await writeLabExtension(workspace.venv);
  const env: Record<string, string> = {
    ...jupyterEnvironment(workspace),
    // The imports of a new notebook.
    JUPYTER_CONFIG_PATH: join(import.meta.dirname ?? "", "notebooks/lab"),
    // The Deno that runs the tasks, for JupyterLab's terminal.
    PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH") ?? ""}`,
  };
  const child = new Deno.Command(workspace.python, {
    args: labArguments({
      folder: workspace.root,
      port: options.port,
      browser: !options["no-browser"],
      isRoot: Deno.uid() === 0,
    }),
    cwd: workspace.root,
    env,
    stdin: "null",
    stdout: "inherit",
    stderr: "piped",
  });
  // Listening also resets an ignored SIGINT, which a shell passes on to what
  // it starts in the background: the kernels need it for the stop button.
  const signal = patientSignal();
  const process = child.spawn();
  signal.addEventListener("abort", () => process.kill("SIGTERM"));
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
  signal.throwIfAborted();
  if (status.success) return;
  throw new UserError(
    `JupyterLab exited with status ${status.code}; its messages are above.`,
  );
}

if (import.meta.main) await runTask(main);
