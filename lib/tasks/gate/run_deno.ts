/**
 * Runs Deno's own commands for the gate.
 *
 * @module
 */
import { interruptSignal } from "@/tasks/cli/interrupt_signal.ts";

/** How a command ended. */
export interface DenoOutput {
  /** Whether its status was 0. */
  readonly success: boolean;
  /** What it printed to standard output, without colours. */
  readonly stdout: string;
  /** What it printed to standard error, without colours. */
  readonly stderr: string;
}

/**
 * Runs `deno` and waits for its end.
 *
 * @param args The command line, such as `["fmt", "--check"]`.
 * @param cwd The folder to run in.
 * @returns What it printed.
 */
export async function runDeno(
  args: readonly string[],
  cwd: string,
): Promise<DenoOutput> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
    signal: interruptSignal(),
  }).output();
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/**
 * Runs `deno` as a check.
 *
 * @param args The command line.
 * @param cwd The folder to run in.
 * @returns All that it printed; empty where it succeeded.
 */
export async function denoFaults(
  args: readonly string[],
  cwd: string,
): Promise<string> {
  const { success, stdout, stderr } = await runDeno(args, cwd);
  if (success) return "";
  return (stdout + stderr).trim() || `deno ${args[0]} failed.`;
}
