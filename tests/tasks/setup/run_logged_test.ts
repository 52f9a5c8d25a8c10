import { assertEquals, assertRejects } from "@std/assert";
import { Interrupted } from "@/tasks/cli/interrupt_signal.ts";
import { runLogged } from "@/tasks/setup/run_logged.ts";

async function withOptions(
  run: (
    options: Parameters<typeof runLogged>[2] & { children: unknown[] },
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const children: unknown[] = [];
  const lock = {
    setChild: (pid?: number) => void children.push(pid),
  };
  try {
    await run({ cwd: folder, log: `${folder}/log`, lock, children });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("runLogged logs the lines without colours and passes them on", () =>
  withOptions(async (options) => {
    const lines: string[] = [];
    const code = "console.log('\\x1b[31mred\\x1b[0m\\n\\nlast');" +
      "console.error('no'); Deno.exit(3)";
    const result = await runLogged(Deno.execPath(), ["eval", code], {
      ...options,
      onLine: (line) => lines.push(line),
    });
    assertEquals(result.success, false);
    assertEquals(lines.toSorted(), ["last", "no", "red"]);
    assertEquals(result.text.split("\n").toSorted(), lines.toSorted());
    const log = (await Deno.readTextFile(options.log)).trim().split("\n");
    assertEquals(log.slice(1).toSorted(), lines.toSorted());
    assertEquals(options.children.length, 2);
    assertEquals(options.children[1], undefined);
  }));

Deno.test("runLogged ends the command where it is interrupted", () =>
  withOptions(async (options) => {
    const controller = new AbortController();
    await assertRejects(
      () =>
        runLogged(
          Deno.execPath(),
          ["eval", "console.log('up'); setInterval(() => {}, 1000)"],
          {
            ...options,
            signal: controller.signal,
            onLine: () => controller.abort(new Interrupted()),
          },
        ),
      Interrupted,
    );
  }));
