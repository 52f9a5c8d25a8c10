/**
 * `deno task setup`: makes everything that the project needs, inside of the
 * checkout.
 *
 * Other tasks depend on it, so nobody has to call it. It imports no npm
 * package, as it runs before there are any.
 *
 * @module
 */
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
import { installPythonPackages } from "@/tasks/setup/install_python_packages.ts";
import { makeVenv } from "@/tasks/setup/make_venv.ts";
import { runStep } from "@/tasks/setup/run_logged.ts";
import { type SetupLock, takeSetupLock } from "@/tasks/setup/setup_lock.ts";
import {
  findSitePackages,
  findTensorflowLibrary,
  installedVersion,
} from "@/tasks/setup/site_packages.ts";
import {
  fingerprintOf,
  isComplete,
  readStamp,
  writeStamp,
} from "@/tasks/setup/stamp.ts";
import { type Workspace, workspaceAt } from "@/tasks/setup/workspace.ts";
import { writeJupyterFiles } from "@/tasks/setup/write_jupyter_files.ts";

/** Packages whose versions are recorded. */
const recorded = ["deno", "jupyterlab", "nbconvert", "tensorboard"];

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
  const isLive = Deno.stderr.isTerminal();
  const timer = isLive ? setInterval(tick, 1000) : undefined;
  return {
    seconds,
    next(text: string) {
      [phase, detail] = [text, ""];
      report({ phase, done: ++done, total: count });
    },
    detail(text: string) {
      detail = text;
      if (isLive) tick();
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      report.end();
    },
  };
}

async function install(
  workspace: Workspace,
  variant: Variant,
  fingerprint: string,
  lock: SetupLock,
): Promise<number> {
  const { root, log } = workspace;
  const old = readStamp(workspace);
  const moved = old !== undefined && old.root !== root;
  if (findSitePackages(workspace) === undefined || moved) {
    await checkDisk(root, variant);
  }
  await Deno.writeTextFile(log, "");
  const options = { cwd: root, log, lock, signal: interruptSignal() };
  using phases = showPhases(4);
  phases.next("Making the Python environment");
  const chosen = Deno.env.get("ONECODE_PYTHON");
  const python = await makeVenv(workspace, chosen, moved, options);
  phases.next("Installing the npm packages");
  // As deno.json sets nodeModulesDir to manual, no other command downloads
  // anything: all failures of the network are explained here.
  await runStep(
    "Installing the npm packages",
    Deno.execPath(),
    ["install", "--frozen", "--node-modules-dir=auto"],
    { ...options, env: { NO_COLOR: "1" } },
  );
  phases.next("Installing JupyterLab and TensorFlow (about 2 GB)");
  await installPythonPackages(workspace, variant, options, phases.detail);
  phases.next("Adding the Deno kernel");
  await writeJupyterFiles(workspace);
  const sitePackages = findSitePackages(workspace) ?? "";
  const versionOf = (name: string) => installedVersion(sitePackages, name);
  await writeStamp(workspace, {
    fingerprint,
    root,
    python,
    variant,
    tensorflowLibrary: findTensorflowLibrary(workspace),
    versions: {
      ...Object.fromEntries(
        recorded.map((name) => [name, versionOf(name) ?? ""]),
      ),
      tensorflow: versionOf("tensorflow-cpu") ?? versionOf("tensorflow") ?? "",
    },
  });
  return phases.seconds();
}

/**
 * Makes the environment of a checkout, unless it exists.
 *
 * @param workspace The checkout.
 * @returns Whether anything had to be done.
 * @throws {UserError} If it cannot be made, or is a link to another one.
 */
export async function setUp(workspace: Workspace): Promise<boolean> {
  const wanted = Deno.env.get("ONECODE_TENSORFLOW");
  const variant = checkPlatform(thisPlatform(), wanted);
  const fingerprint = fingerprintOf(workspace, variant);
  if (isComplete(workspace, fingerprint)) return false;
  await checkNoLinks(workspace);
  await makeFolder(workspace.venv);
  using lock = await takeSetupLock(
    workspace.lock,
    workspace.root,
    (holder) =>
      console.error(`Waiting for the set-up of process ${holder ?? "?"}.`),
  );
  if (isComplete(workspace, fingerprint)) return false;
  const seconds = await install(workspace, variant, fingerprint, lock);
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
  const { options } = parseOptions({
    usage: "deno task setup",
    description: "Makes what the project needs, in .venv and node_modules. " +
      "ONECODE_PYTHON is the Python to use; ONECODE_TENSORFLOW=cpu or cuda " +
      "chooses the build of TensorFlow.",
    options: {
      quiet: { type: "boolean", help: "print nothing if all is set up" },
    },
  }, args);
  const done = await setUp(workspaceAt());
  if (!done && !options.quiet) console.error("Everything is set up.");
}

if (import.meta.main) await runTask(main);
