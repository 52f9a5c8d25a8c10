import {
  assert,
  assertEquals,
  assertFalse,
  assertNotEquals,
} from "@std/assert";
import { dirname, join } from "node:path";
import {
  fingerprintOf,
  isComplete,
  pinFiles,
  readStamp,
  writeStamp,
} from "@/tasks/setup/stamp.ts";
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

async function write(path: string, text = ""): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, text);
}

async function withWorkspace(
  run: (workspace: Workspace) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const workspace = workspaceAt(root);
  try {
    for (
      const path of [
        ...pinFiles(workspace, "cpu"),
        ...pinFiles(workspace, "cuda"),
      ]
    ) {
      await write(path, path);
    }
    await write(join(root, "deno.lock"), "{}");
    await run(workspace);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function stampOf(workspace: Workspace) {
  return {
    fingerprint: fingerprintOf(workspace, "cpu"),
    root: workspace.root,
    python: "3.11.7",
    variant: "cpu",
    tensorflowLibrary: "lib/tensorflow",
    versions: { tensorflow: "2.21.0" },
  } as const;
}

Deno.test("fingerprintOf follows the pins, the lock file and the variant", () =>
  withWorkspace(async (workspace) => {
    const before = fingerprintOf(workspace, "cpu");
    assertEquals(fingerprintOf(workspace, "cpu"), before);
    assertNotEquals(fingerprintOf(workspace, "cuda"), before);
    await write(join(workspace.pins, "constraints.txt"), "numpy==2.4.7");
    const pinned = fingerprintOf(workspace, "cpu");
    assertNotEquals(pinned, before);
    await write(join(workspace.root, "deno.lock"), '{"version":"5"}');
    assertNotEquals(fingerprintOf(workspace, "cpu"), pinned);
  }));

Deno.test("isComplete wants the stamp and what it stands for", () =>
  withWorkspace(async (workspace) => {
    const stamp = stampOf(workspace);
    const complete = () => isComplete(workspace, stamp.fingerprint);
    assertFalse(complete());
    await Deno.mkdir(workspace.venv);
    await writeStamp(workspace, stamp);
    assertEquals(readStamp(workspace), stamp);
    assertFalse(complete());
    await write(workspace.python);
    await write(workspace.kernelDeno);
    await write(join(workspace.venv, "lib/tensorflow/x"));
    await write(join(workspace.root, "node_modules/.deno/x"));
    assert(complete());
    assertFalse(isComplete(workspace, "another"));
    await Deno.remove(workspace.kernelDeno);
    assertFalse(complete());
  }));

Deno.test("readStamp takes a torn record for none", () =>
  withWorkspace(async (workspace) => {
    assertEquals(readStamp(workspace), undefined);
    await write(workspace.stamp, '{"finger');
    assertEquals(readStamp(workspace), undefined);
  }));
