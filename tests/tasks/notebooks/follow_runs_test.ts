/** JupyterLab's part in a run that goes on while its tab is closed. */
import "@/tasks/notebooks/lab/follow_runs.ts";
import { assertEquals } from "@std/assert";

interface Output {
  metadata?: Record<string, unknown>;
  [key: string]: unknown;
}

/** The outputs of a cell, as JupyterLab's model has them. */
class Cell {
  trusted = false;
  executionState = "idle";
  readonly outputs;
  constructor(readonly list: Output[]) {
    this.outputs = {
      get length() {
        return list.length;
      },
      get: (at: number) => ({ metadata: list[at]!.metadata ?? {} }),
      set: (at: number, output: Output) => list[at] = output,
      add: (output: Output) => list.push(output),
    };
  }
}

type Hear = (sender: unknown, message: unknown) => void;

/** What hears the state of the kernel of the tab that was opened last. */
let hearStatus: Hear;

/** Opens a notebook in a tab, and returns what hears its kernel. */
async function openTab(cells: Cell[], save = () => {}): Promise<Hear> {
  let hear: Hear | undefined;
  const widget = {
    context: {
      model: {
        cells: { length: cells.length, get: (at: number) => cells[at]! },
      },
      save: () => Promise.resolve(save()),
    },
    sessionContext: {
      iopubMessage: { connect: (slot: Hear) => hear = slot },
      statusChanged: { connect: (slot: Hear) => hearStatus = slot },
      session: { kernel: { clientId: "this tab" } },
    },
  };
  const lab = globalThis as unknown as {
    _JUPYTERLAB: Record<string, { get: () => Promise<() => Plugin> }>;
  };
  const plugin = (await lab._JUPYTERLAB["onecode"]!.get())();
  plugin.activate({
    restored: Promise.resolve(),
    shell: {
      widgets: () => [{}, widget],
      layoutModified: { connect: () => {} },
    },
  });
  await Promise.resolve();
  return hear!;
}

interface Plugin {
  activate: (lab: unknown) => void;
}

const live = (text: string, slot = "bar") => ({
  data: { "text/plain": text },
  metadata: { onecode: { slot } },
});

const message = (type: string, content: unknown, session = "another tab") => ({
  header: { msg_type: type },
  parent_header: { msg_id: "1", session },
  content,
});

Deno.test("a tab opened during a run shows its outputs where they were", async () => {
  const saved = { output_type: "display_data", ...live("10 %") };
  const [other, cell] = [new Cell([{ text: "x" }]), new Cell([saved])];
  const hear = await openTab([other, cell]);
  const transient = { display_id: "bar" };
  const bar = { ...live("20 %"), transient };
  hear(null, message("update_display_data", bar));
  hear(null, message("display_data", live("a curve", "curve")));
  hear(null, message("update_display_data", live("more", "curve")));
  hear(null, message("stream", { name: "stdout", text: "done\n" }));
  hear(null, message("status", { execution_state: "idle" }));
  assertEquals(cell.list, [
    { output_type: "display_data", ...live("20 %") },
    { output_type: "display_data", ...live("more", "curve") },
    { output_type: "stream", name: "stdout", text: "done\n" },
  ]);
  assertEquals([cell.trusted, other.trusted], [true, false]);
  assertEquals(other.list, [{ text: "x" }]);
});

Deno.test("the tab that runs a cell keeps its outputs, and saves live ones", async () => {
  const cell = new Cell([{ output_type: "display_data", ...live("10 %") }]);
  const before = structuredClone(cell.list);
  const isSaved = Promise.withResolvers<void>();
  let saves = 0;
  const hear = await openTab([cell], () => {
    saves++;
    isSaved.resolve();
  });
  for (const type of ["display_data", "display_data", "update_display_data"]) {
    hear(null, message(type, live("20 %"), "this tab"));
  }
  await isSaved.promise;
  assertEquals([saves, cell.list], [1, before]);
});

Deno.test("what belongs to no live output of a notebook is not shown in it", async () => {
  const cell = new Cell([{ output_type: "stream", text: "x" }]);
  const hear = await openTab([cell]);
  hear(null, message("stream", { name: "stdout", text: "y" }));
  hear(null, message("update_display_data", live("20 %")));
  assertEquals(cell.list, [{ output_type: "stream", text: "x" }]);
});

Deno.test("a cell whose kernel ended says that its variables are gone", async () => {
  const [done, busy] = [new Cell([]), new Cell([])];
  busy.executionState = "running";
  await openTab([done, busy]);
  hearStatus(null, "busy");
  assertEquals(busy.list, []);
  hearStatus(null, "autorestarting");
  assertEquals(done.list, []);
  assertEquals(busy.list.map(({ text }) => text), [
    "The kernel ended and starts again, without its variables.\n",
  ]);
});
