import { assert, assertEquals } from "@std/assert";
import { labArguments } from "@/tasks/lab.ts";
import { jupyterEnvironment } from "@/tasks/setup/jupyter_environment.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

const workspace = workspaceAt("/srv/project");

Deno.test("labArguments binds to this machine and shows the checkout", () => {
  const args = labArguments(workspace, 9000, false, false);
  assert(args.includes("--ip=127.0.0.1"));
  assert(args.includes("--ServerApp.root_dir=/srv/project"));
  assert(args.includes("--no-browser"));
  assertEquals(args.includes("--allow-root"), false);
  assert(args.every((arg) => !/token|password/i.test(arg)));
  const others = labArguments(workspace, 9000, true, true);
  assertEquals(others.includes("--no-browser"), false);
  assert(others.includes("--allow-root"));
});

Deno.test("jupyterEnvironment keeps Jupyter's files in .venv", () => {
  const folders = Object.entries(jupyterEnvironment(workspace))
    .filter(([name]) => name.endsWith("_DIR"));
  assertEquals(folders.length, 3);
  for (const [, path] of folders) {
    assert(path.startsWith("/srv/project/.venv/"));
  }
});
