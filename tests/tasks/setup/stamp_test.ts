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
  notebookPins,
  readStamp,
  tensorflowPins,
  writeStamp,
} from "@/tasks/setup/stamp.ts";
import type { Workspace } from "@/tasks/setup/workspace.ts";
import { PARTS, workspaceAt } from "@/tasks/setup/workspace.ts";

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
        ...notebookPins(workspace),
        tensorflowPins(workspace, "cpu"),
        tensorflowPins(workspace, "cuda"),
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

Deno.test("each part is made anew when its own pins change, and no other", () =>
  withWorkspace(async (workspace) => {
    const all = () =>
      PARTS.map((part) => fingerprintOf(workspace, part, "cpu"));
    const before = all();
    assertEquals(all(), before);
    assertNotEquals(fingerprintOf(workspace, "engine", "cuda"), before[1]);
    for (
      const [path, part] of [
        [join(workspace.root, "deno.lock"), 0],
        [tensorflowPins(workspace, "cpu"), 1],
        [notebookPins(workspace)[1], 2],
      ] as const
    ) {
      const last = all();
      await write(path, "other");
      const changed = all().map((hash, i) => hash !== last[i]);
      assertEquals(changed, PARTS.map((_, i) => i === part));
    }
  }));

Deno.test("a part is complete if it is recorded and still there", () =>
  withWorkspace(async (workspace) => {
    const things = {
      codec: join(workspace.root, "node_modules/.deno/x"),
      engine: join(workspace.engine, "libtensorflow_cc.so.2"),
      notebooks: workspace.kernelDeno,
    };
    await write(workspace.python);
    for (const part of PARTS) {
      const complete = () => isComplete(workspace, part, "cpu");
      assertFalse(complete());
      const fingerprint = fingerprintOf(workspace, part, "cpu");
      const stamp = { root: workspace.root, parts: { [part]: fingerprint } };
      await writeStamp(workspace, stamp);
      assertEquals(readStamp(workspace), stamp);
      assertFalse(complete());
      await write(things[part]);
      assert(complete());
      await writeStamp(workspace, { ...stamp, parts: { [part]: "another" } });
      assertFalse(complete());
    }
  }));

Deno.test("a torn record counts as none, and one of another form as empty", () =>
  withWorkspace(async (workspace) => {
    assertEquals(readStamp(workspace), undefined);
    await write(workspace.stamp, '{"finger');
    assertEquals(readStamp(workspace), undefined);
    await write(workspace.stamp, '{"root":"/a","fingerprint":"b"}');
    assertEquals(readStamp(workspace)?.parts, {});
  }));
