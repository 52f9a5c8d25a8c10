/**
 * `deno task setup [codec|engine|notebooks]`: makes what the project needs, inside of the
 * checkout: npm's packages, TensorFlow's library and the Python packages behind
 * JupyterLab and the site.
 *
 * Other tasks depend on the parts that they need, so nobody has to call it. It
 * imports no npm package, as it runs before there are any.
 *
 * @module
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  interruptSignal,
  parseOptions,
  progressReporter,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";
import {
  checkDisk,
  checkPlatform,
  thisPlatform,
  type Variant,
} from "@/tasks/setup/check_platform.ts";
import { eachSecond } from "@/tasks/setup/count_bytes.ts";
import { installEngine } from "@/tasks/setup/install_engine.ts";
import { installPythonPackages } from "@/tasks/setup/install_python_packages.ts";
import { makeVenv } from "@/tasks/setup/make_venv.ts";
import { runStep } from "@/tasks/setup/run_logged.ts";
import { type SetupLock, takeSetupLock } from "@/tasks/setup/setup_lock.ts";
import {
  fingerprintOf,
  isComplete,
  notebookPins,
  readStamp,
  tensorflowPins,
  writeStamp,
} from "@/tasks/setup/stamp.ts";
import {
  type Part,
  PARTS,
  type Workspace,
  workspaceAt,
} from "@/tasks/setup/workspace.ts";
import { writeJupyterFiles } from "@/tasks/setup/write_jupyter_files.ts";

/** Shows the phases and, in a terminal, the seconds and what is downloaded. */
function showPhases(count: number) {
  const report = progressReporter();
  const started = performance.now();
  const seconds = () => Math.round((performance.now() - started) / 1000);
  let [phase, done, detail] = ["", 0, ""];
  const tick = () => {
    const passing = `${detail}${detail && "  "}${seconds()} s`;
    report({ phase, done, total: count, detail: passing });
  };
  const timer = eachSecond(tick);
  return {
    seconds,
    next(text: string) {
      [phase, detail] = [text, ""];
      report({ phase, done: ++done, total: count });
    },
    detail(text: string) {
      detail = text;
    },
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      report.end();
    },
  };
}

/** The parts in their order, and what a user is told of each. */
const PHASES: Record<Part, string> = {
  codec: "Installing the npm packages",
  engine: "Installing TensorFlow",
  notebooks: "Installing JupyterLab and Sphinx",
};

async function install(
  workspace: Workspace,
  parts: readonly Part[],
  variant: Variant,
  lock: SetupLock,
): Promise<number> {
  const { root, log } = workspace;
  await checkDisk(root, parts, variant);
  await Deno.writeTextFile(log, "");
  const options = { cwd: root, log, lock, signal: interruptSignal() };
  const stamp = readStamp(workspace);
  using phases = showPhases(parts.length);
  const { detail } = phases;
  // An environment that was moved is made anew, once.
  let isFresh = stamp !== undefined && stamp.root !== root;
  const makePython = async () => {
    detail("making the Python environment");
    const chosen = Deno.env.get("ONECODE_PYTHON");
    await makeVenv(workspace, chosen, isFresh, options);
    isFresh = false;
  };
  const installers: Record<Part, () => Promise<void>> = {
    codec: () => installNpmPackages(workspace, options, detail),
    engine: async () => {
      if (variant === "cpu") {
        const wheel = Deno.env.get("ONECODE_TENSORFLOW_WHEEL");
        const how = { ...options, wheel, onDetail: detail };
        return await installEngine(workspace, how);
      }
      await makePython();
      const pins = tensorflowPins(workspace, variant);
      await installPythonPackages(workspace, pins, options, detail);
      await Deno.remove(workspace.engine, { recursive: true }).catch(() => {});
    },
    notebooks: async () => {
      await makePython();
      const [pins] = notebookPins(workspace);
      await installPythonPackages(workspace, pins, options, detail);
      await writeJupyterFiles(workspace);
    },
  };
  for (const part of parts) {
    phases.next(PHASES[part]);
    await installers[part]();
    const known = readStamp(workspace);
    const others = known?.root === root ? known.parts : {};
    const fingerprint = fingerprintOf(workspace, part, variant);
    await writeStamp(workspace, {
      root,
      parts: { ...others, [part]: fingerprint },
    });
  }
  return phases.seconds();
}

/**
 * As deno.json sets nodeModulesDir to manual, no other command downloads
 * anything: all failures of the network are explained here.
 */
async function installNpmPackages(
  { root }: Workspace,
  options: Parameters<typeof runStep>[3],
  onDetail: (text: string) => void,
): Promise<void> {
  const folder = join(root, "node_modules", ".deno");
  using _ = eachSecond(() => onDetail(countPackages(folder)));
  await runStep(
    PHASES.codec,
    Deno.execPath(),
    ["install", "--frozen", "--node-modules-dir=auto"],
    { ...options, env: { NO_COLOR: "1" } },
  );
}

function countPackages(folder: string): string {
  try {
    return `${readdirSync(folder).length} packages`;
  } catch {
    return "";
  }
}

/**
 * Makes the parts of a checkout's environment that do not exist.
 *
 * @param workspace The checkout.
 * @param last The last part that is needed; those before it are too.
 * @returns Whether anything had to be done.
 * @throws {UserError} If it cannot be made, or is a link to another one.
 */
export async function setUp(
  workspace: Workspace,
  last: Part = "notebooks",
): Promise<boolean> {
  const wanted = Deno.env.get("ONECODE_TENSORFLOW");
  const needed = PARTS.slice(0, PARTS.indexOf(last) + 1);
  // The codec runs where TensorFlow does not.
  const variant = last === "codec"
    ? "cpu"
    : checkPlatform(thisPlatform(), wanted);
  const missing = () =>
    needed.filter((part) => !isComplete(workspace, part, variant));
  if (missing().length === 0) return false;
  await checkNoLinks(workspace);
  await makeFolder(workspace.venv);
  using lock = await takeSetupLock(
    workspace.lock,
    workspace.root,
    (holder) =>
      console.error(`Waiting for the set-up of process ${holder ?? "?"}.`),
  );
  const parts = missing();
  if (parts.length === 0) return false;
  const seconds = await install(workspace, parts, variant, lock);
  console.error(`Set up in ${seconds} s.`);
  return true;
}

/** Set-up empties and fills these folders, which may belong to another checkout. */
async function checkNoLinks({ root, venv }: Workspace): Promise<void> {
  for (const path of [venv, join(root, "node_modules")]) {
    const found = await Deno.lstat(path).catch(() => undefined);
    if (!found?.isSymlink) continue;
    throw new UserError(
      `"${path}" is a link, and set-up would change what it leads to: remove ` +
        "the link, and set-up makes a folder of its own.",
    );
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await Deno.mkdir(path, { recursive: true });
  } catch {
    throw new UserError(
      `The folder "${path}" cannot be made: check who owns the project's ` +
        "folder.",
    );
  }
}

async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task setup [codec|engine|notebooks]",
    description: "Makes what the project needs, in .venv and node_modules: " +
      "all of it, or only what the codec or training needs. ONECODE_PYTHON " +
      "is the Python to use; ONECODE_TENSORFLOW=cpu or cuda chooses the build " +
      "of TensorFlow; ONECODE_TENSORFLOW_WHEEL is its wheel, if it is on this " +
      "machine.",
    options: {
      quiet: { type: "boolean", help: "print nothing if all is set up" },
    },
    words: "PART",
  }, args);
  const [last = "notebooks"] = words;
  const part = PARTS.find((part) => part === last);
  if (part === undefined) {
    throw new UserError(
      `The part must be one of ${PARTS.join(", ")}, got "${last}".`,
    );
  }
  const done = await setUp(workspaceAt(), part);
  if (!done && !options.quiet) console.error("Everything is set up.");
}

if (import.meta.main) await runTask(main);
