/** Tasks as a user runs them: processes with options and output. */
import { fileURLToPath } from "node:url";

/** How a task ended. */
export interface TaskEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from the signal to the end. */
  readonly waited?: number;
}

/**
 * Runs a task of `lib/tasks` to its end.
 *
 * @param name Such as `"reproduce"`.
 * @param data Where it keeps its caches.
 * @param interrupt Gets the signal once its output on stderr holds this text.
 */
export async function runTask(
  name: string,
  args: readonly string[],
  data: string,
  interrupt?: string,
  signal: Deno.Signal = "SIGINT",
): Promise<TaskEnd> {
  const path = new URL(`../../lib/tasks/${name}.ts`, import.meta.url);
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", fileURLToPath(path), ...args],
    env: { ONECODE_DATA: data, NO_COLOR: "1", ONECODE_DEBUG: "" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stdout = new Response(child.stdout).text();
  let stderr = "";
  let sent = 0;
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    stderr += text;
    if (interrupt !== undefined && stderr.includes(interrupt)) {
      interrupt = undefined;
      child.kill(signal);
      sent = performance.now();
    }
  }
  const { code } = await child.status;
  const end = { code, stdout: await stdout, stderr };
  return sent === 0 ? end : { ...end, waited: performance.now() - sent };
}
