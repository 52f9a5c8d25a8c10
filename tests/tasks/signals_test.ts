/** Signals to tasks at work: they end them soon, and nothing is half-written. */
import { readImage, resizeImage, writeImage } from "@/images/mod.ts";
import { dataPath } from "@/files/data_path.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { runTask } from "./_run_task.ts";

/** Milliseconds; a second, and some for a machine at work on other tests. */
const LIMIT = 2500;

const signals = [["SIGINT", 130], ["SIGTERM", 143], ["SIGHUP", 129]] as const;

Deno.test("signals end encoding with effort within a second", async () => {
  await withFolder(async (folder) => {
    const photo = await readImage(dataPath("starter/alpaca.webp"));
    const large = await resizeImage(photo, 800, 600, "cubic");
    await writeImage(`${folder}/a.png`, large);
    for (const [signal, status] of signals) {
      const args = [`${folder}/a.png`, "--effort", "10"];
      const end = await runTask("encode", args, folder, "Refining", signal);
      assertEquals(end.code, status, end.stderr);
      assertStringIncludes(end.stderr, "Interrupted.\n");
      assertLess(end.waited!, LIMIT);
      const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
      assertEquals(names, ["a.png"]);
    }
  });
});

Deno.test("a signal ends a task whose main thread is busy, the second at once", async () => {
  await withFolder(async (folder) => {
    const path = new URL("../../lib/tasks/cli/run_task.ts", import.meta.url);
    const config = `${PROJECT_ROOT}/deno.json`;
    const script = `${folder}/busy.ts`;
    await Deno.writeTextFile(
      script,
      `import { patientSignal } from "${
        path.href.replace("run_task", "interrupt_signal")
      }";
      import { runTask } from "${path}";
      await runTask(async () => {
        if (Deno.args[0] === "patient") patientSignal();
        await new Promise((resolve) => setTimeout(resolve, 500));
        console.error("busy");
        for (const end = performance.now() + 20_000; performance.now() < end;);
      });`,
    );
    for (
      const [kind, twice] of [["", false], ["", true], [
        "patient",
        true,
      ]] as const
    ) {
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", `--config=${config}`, script, kind],
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const reader = child.stderr.getReader();
      await reader.read();
      const started = performance.now();
      child.kill("SIGTERM");
      if (twice) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        child.kill("SIGTERM");
      }
      assertEquals((await child.status).code, 143);
      const waited = performance.now() - started;
      assertLess(waited, twice ? 600 : LIMIT);
      await reader.cancel();
    }
  });
});
