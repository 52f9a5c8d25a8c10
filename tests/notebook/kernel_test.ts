import { joinText, readNotebook } from "@/tasks/notebooks/notebook_file.ts";
import { assertEquals } from "@std/assert";
import { needsPython } from "../_notebooks.ts";

// The real kernel, driven over Jupyter's own protocol.

const root = new URL("../../", import.meta.url).pathname;

interface Answer {
  readonly text: string;
  readonly error: string | null;
}

async function runCells(
  cells: readonly {
    readonly code: string;
    readonly interrupt: boolean | "twice";
  }[],
): Promise<Answer[]> {
  const script = new URL("./_interrupt_kernel.py", import.meta.url).pathname;
  const child = new Deno.Command(`${root}.venv/bin/python`, {
    args: [script, root],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(cells)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(decoder.decode(stderr));
  return JSON.parse(decoder.decode(stdout));
}

const loop = `
  const signal = stopSignal();
  console.log("ready");
  while (!signal.aborted) {
    steps++;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  runs.push(signal.reason.message);
`;

Deno.test(
  "the stop button ends a run, twice, and the kernel lives on",
  needsPython,
  async () => {
    const answers = await runCells([
      {
        code: `
        import { stopSignal } from "@/notebook/mod.ts";
        const runs: string[] = [];
        let steps = 0;
        const first = stopSignal();
      `,
        interrupt: false,
      },
      { code: loop, interrupt: true },
      { code: loop, interrupt: true },
      {
        code: `console.log(JSON.stringify([runs, steps > 1]))`,
        interrupt: false,
      },
    ]);
    assertEquals(answers.map(({ error }) => error), [null, null, null, null]);
    const reason = "Stopped by the stop button.";
    assertEquals(JSON.parse(answers[3]!.text), [[reason, reason], true]);
  },
);

for (
  const [name, end, words] of [
    ["computes", "while (true) {}", ""],
    [
      "waits",
      "await new Promise(() => {})",
      "Stopped by force: the kernel starts again, without its variables.",
    ],
  ] as const
) {
  Deno.test(
    `a cell that ${name} without end ends when stop is pressed twice`,
    needsPython,
    async () => {
      const [, answer] = await runCells([
        {
          code: `
          import { stopSignal } from "@/notebook/mod.ts";
          void stopSignal();
          await new Promise((resolve) => setTimeout(resolve, 1000));
        `,
          interrupt: false,
        },
        {
          code: `
          console.log("ready");
          await new Promise((resolve) => setTimeout(resolve, 100));
          ${end};
        `,
          interrupt: "twice",
        },
      ]);
      assertEquals(answer!.error, "the kernel died");
      assertEquals(answer!.text, `ready\n${words}`);
    },
  );
}

Deno.test(
  "the cells of a new notebook run, and a figure can be shown after them",
  needsPython,
  async () => {
    const path = `${root}lib/tasks/notebooks/lab/new_notebook.ipynb`;
    const { cells } = await readNotebook(path);
    const sources = [
      ...cells.map(({ source }) => joinText(source)),
      `
      const { result, figure } = await openSection("medium_training");
      await show(figure("loss"));
      console.log(result.section, typeof tf.tensor);
    `,
    ];
    const answers = await runCells(
      sources.map((code) => ({ code, interrupt: false })),
    );
    assertEquals(answers.map(({ error }) => error), sources.map(() => null));
    assertEquals(answers.at(-1)!.text, "medium_training function\n");
  },
);
