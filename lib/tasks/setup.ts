/**
 * `deno task setup`: makes everything the project needs inside the checkout.
 *
 * Other tasks name it as a dependency, so nobody has to call it. It imports
 * nothing from npm, as it runs before there is anything of npm.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";
import { interruptSignal } from "@/tasks/cli/interrupt_signal.ts";
import { parseOptions } from "@/tasks/cli/parse_options.ts";
import { runTask } from "@/tasks/cli/run_task.ts";
import { checkDisk } from "@/tasks/setup/check_disk.ts";
import type { Variant } from "@/tasks/setup/check_platform.ts";
import { checkPlatform, thisMachine } from "@/tasks/setup/check_platform.ts";
import { installNpmPackages } from "@/tasks/setup/install_npm_packages.ts";
import { installPythonPackages } from "@/tasks/setup/install_python_packages.ts";
import { makeVenv } from "@/tasks/setup/make_venv.ts";
import { phaseLine } from "@/tasks/setup/phase_line.ts";
import type { SetupLock } from "@/tasks/setup/setup_lock.ts";
import { takeSetupLock } from "@/tasks/setup/setup_lock.ts";
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
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { writeJupyterFiles } from "@/tasks/setup/write_jupyter_files.ts";

const recorded = ["deno", "jupyterlab", "nbconvert", "tensorboard"];

async function install(
  workspace: Workspace,
  variant: Variant,
  fingerprint: string,
  lock: SetupLock,
): Promise<void> {
  const started = performance.now();
  const signal = interruptSignal();
  const old = readStamp(workspace);
  const moved = old !== undefined && old.root !== workspace.root;
  if (findSitePackages(workspace) === undefined || moved) {
    await checkDisk(workspace.root, variant);
  }
  await Deno.writeTextFile(workspace.log, "");
  const options = { cwd: workspace.root, log: workspace.log, lock, signal };
  const line = phaseLine(4);
  const ticking = setInterval(line.tick, 1000);
  try {
    line.phase("Making the Python environment");
    const chosen = Deno.env.get("ONECODE_PYTHON");
    const python = await makeVenv(workspace, chosen, moved, options);
    line.phase("Installing the npm packages");
    await installNpmPackages(options);
    line.phase("Installing JupyterLab and TensorFlow (about 2 GB)");
    await installPythonPackages(workspace, variant, options, line.detail);
    line.phase("Adding the Deno kernel");
    await writeJupyterFiles(workspace);
    const sitePackages = findSitePackages(workspace) ?? "";
    const tensorflow = installedVersion(sitePackages, "tensorflow-cpu") ??
      installedVersion(sitePackages, "tensorflow") ?? "";
    await writeStamp(workspace, {
      fingerprint,
      root: workspace.root,
      python,
      variant,
      tensorflowLibrary: findTensorflowLibrary(workspace),
      versions: {
        ...Object.fromEntries(
          recorded.map((
            name,
          ) => [name, installedVersion(sitePackages, name) ?? ""]),
        ),
        tensorflow,
      },
    });
    const seconds = Math.round((performance.now() - started) / 1000);
    line.finish(`Set up in ${seconds} s.`);
  } catch (error) {
    line.finish();
    throw error;
  } finally {
    clearInterval(ticking);
  }
}

/**
 * Makes the environment of `workspace`, unless it is there.
 *
 * @returns Whether anything had to be done.
 * @throws {UserError} Where it cannot be made.
 */
export async function setUp(workspace: Workspace): Promise<boolean> {
  const variant = checkPlatform(
    thisMachine(),
    Deno.env.get("ONECODE_TENSORFLOW"),
  );
  const fingerprint = fingerprintOf(workspace, variant);
  if (isComplete(workspace, fingerprint)) return false;
  await makeFolder(workspace);
  const lock = await takeSetupLock(
    workspace.lock,
    workspace.root,
    (holder) =>
      console.error(`Waiting for the set-up of process ${holder ?? "?"}.`),
  );
  try {
    if (isComplete(workspace, fingerprint)) return false;
    await install(workspace, variant, fingerprint, lock);
    return true;
  } finally {
    lock.release();
  }
}

async function makeFolder(workspace: Workspace): Promise<void> {
  try {
    await Deno.mkdir(workspace.venv, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(
      `The folder "${workspace.venv}" cannot be made (${reason}): check who ` +
        "owns the checkout.",
    );
  }
}

async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task setup",
    description: "Makes what the project needs, in .venv and node_modules. " +
      "ONECODE_PYTHON names the Python to use; ONECODE_TENSORFLOW=cpu or cuda " +
      "the build of TensorFlow.",
    options: {
      quiet: { type: "boolean", help: "say nothing where all is there" },
    },
  }, args);
  const done = await setUp(workspaceAt());
  if (!done && !options.quiet) console.error("All is set up.");
}

if (import.meta.main) await runTask(main);
