import { assertEquals, assertRejects } from "@std/assert";
import { makeVenv } from "@/tasks/setup/make_venv.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

const lock = { setChild() {} };

/** A Python that prints `output` instead of making an environment. */
async function withFakePython(
  output: string,
  run: (python: string, root: string) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/.venv`);
    const python = `${root}/python`;
    await Deno.writeTextFile(
      python,
      `#!/bin/sh\ncase "$*" in *venv*) echo "${output}"; exit 1;; esac\n` +
        "echo 3.12.4\n",
    );
    await Deno.chmod(python, 0o755);
    await run(python, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function make(python: string, root: string): Promise<string> {
  const workspace = workspaceAt(root);
  const options = { cwd: root, log: workspace.log, lock };
  return makeVenv(workspace, python, false, options);
}

Deno.test("makeVenv names the package that brings the module venv", () =>
  withFakePython("ensurepip is not available", async (python, root) => {
    await assertRejects(
      () => make(python, root),
      UserError,
      `Python 3.12.4 ("${python}") lacks the module "venv": install it (on ` +
        "Debian and Ubuntu the package python3.12-venv)",
    );
  }));

Deno.test("makeVenv tells any other failure and keeps the log", () =>
  withFakePython("Error: No space left on device", async (python, root) => {
    await assertRejects(() => make(python, root), UserError, "disk is full");
    const log = await Deno.readTextFile(`${root}/.venv/setup.log`);
    assertEquals(log.includes("No space left on device"), true);
  }));
