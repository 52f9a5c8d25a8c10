/**
 * Runs in JupyterLab: a notebook that was closed and opened again shows the run
 * that its kernel is still computing. JupyterLab itself gives outputs to the tab
 * alone that has sent the cell. The live outputs of `@/notebook/display.ts` say
 * which place they belong to, so another tab finds it in the saved notebook.
 *
 * @see {@link https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html}
 * @module
 */

/** A message of a kernel to all tabs. */
interface KernelMessage {
  readonly header: { readonly msg_type: string };
  readonly parent_header: {
    readonly msg_id?: string;
    readonly session?: string;
  };
  readonly content: Readonly<Record<string, unknown>>;
}

/** An output as the notebook's file has it. */
type Output = Readonly<Record<string, unknown>>;

/** The outputs of a cell. */
interface Outputs {
  readonly length: number;
  readonly get: (index: number) => { readonly metadata: Output };
  readonly set: (index: number, output: Output) => void;
  readonly add: (output: Output) => number;
}

interface CellModel {
  readonly outputs?: Outputs;
  /** Such as "running". */
  readonly executionState?: string;
  trusted: boolean;
}

interface Cells {
  readonly length: number;
  readonly get: (index: number) => CellModel;
}

interface Signal<Value> {
  readonly connect: (slot: (sender: unknown, value: Value) => void) => void;
}

/** A notebook in a tab. */
interface Panel {
  readonly context: {
    readonly model: { readonly cells?: Cells };
    readonly save: () => Promise<void>;
  };
  readonly sessionContext: {
    readonly iopubMessage: Signal<KernelMessage>;
    /** Such as "autorestarting", after the kernel has died. */
    readonly statusChanged: Signal<string>;
    readonly session: {
      readonly kernel: { readonly clientId: string } | null;
    } | null;
  };
}

interface Lab {
  readonly restored: Promise<unknown>;
  readonly shell: {
    readonly widgets: (area: string) => Iterable<Partial<Panel>>;
    readonly layoutModified: Signal<unknown>;
  };
}

/** Kinds of messages that become outputs. */
const kinds = ["display_data", "execute_result", "stream", "error"];

/** What a cell shows whose kernel died, as by the stop button. */
const lost = {
  output_type: "stream",
  name: "stdout",
  text: "The kernel ended and starts again, without its variables.\n",
};

/** Milliseconds after which the notebook is saved with a new live output. */
const saveAfter = 1000;

/**
 * The place of a live output.
 *
 * @param metadata The output's.
 * @returns Its slot, if it has one.
 */
function slotOf(metadata: unknown): string | undefined {
  return (metadata as { onecode?: { slot?: string } } | undefined)
    ?.onecode?.slot;
}

/**
 * Follows the runs of one notebook.
 *
 * @param panel The notebook's.
 * @param cells Its cells.
 */
function follow(panel: Panel, cells: Cells): void {
  const { context, sessionContext } = panel;
  /** Cells of runs that another tab has begun, by the request's id. */
  const running = new Map<string, CellModel>();
  let saving: ReturnType<typeof setTimeout> | undefined;

  /** Puts an output where it was before, or below the others of its cell. */
  const place = (request: string, output: Output) => {
    const slot = slotOf(output["metadata"]);
    for (let index = 0; slot !== undefined && index < cells.length; index++) {
      const cell = cells.get(index);
      for (let at = 0; at < (cell.outputs?.length ?? 0); at++) {
        if (slotOf(cell.outputs!.get(at).metadata) !== slot) continue;
        running.set(request, cell);
        cell.trusted = true; // the kernel makes it now
        return cell.outputs!.set(at, output);
      }
    }
    running.get(request)?.outputs?.add(output);
  };

  sessionContext.statusChanged.connect((_, status) => {
    if (status !== "autorestarting") return;
    for (let index = 0; index < cells.length; index++) {
      const { executionState, outputs } = cells.get(index);
      if (executionState === "running") outputs?.add(lost);
    }
  });
  sessionContext.iopubMessage.connect((_, message) => {
    const { content, header, parent_header: request } = message;
    const kind = header.msg_type.replace(/^update_/, "");
    if (!kinds.includes(kind)) return;
    if (request.session !== sessionContext.session?.kernel?.clientId) {
      const { transient: _, ...output } = content;
      return place(request.msg_id ?? "", { output_type: kind, ...output });
    }
    const isNew = header.msg_type === "display_data" &&
      slotOf(content["metadata"]) !== undefined;
    if (!isNew) return;
    // Another tab finds the place of a live output in the file.
    clearTimeout(saving);
    saving = setTimeout(() => void context.save(), saveAfter);
  });
}

const plugin = {
  id: "onecode:follow-runs",
  autoStart: true,
  activate({ restored, shell }: Lab): void {
    const followed = new WeakSet<Partial<Panel>>();
    const followNew = () => {
      for (const widget of shell.widgets("main")) {
        const { context, sessionContext } = widget;
        const cells = context?.model.cells;
        if (!context || !sessionContext || !cells) continue;
        if (followed.has(widget)) continue;
        followed.add(widget);
        follow({ context, sessionContext }, cells);
      }
    };
    shell.layoutModified.connect(followNew);
    restored.then(followNew);
  },
};

// As a federated module, which JupyterLab loads by its container.
const page = globalThis as { _JUPYTERLAB?: Record<string, unknown> };
page._JUPYTERLAB ??= {};
page._JUPYTERLAB["onecode"] = {
  init: () => {},
  get: () => Promise.resolve(() => plugin),
};
