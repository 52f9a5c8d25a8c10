/**
 * The progress of set-up: a line that redraws itself in a terminal, a line a
 * phase where the output is piped.
 *
 * @module
 */

import { terminalColumns } from "@/tasks/cli/terminal_columns.ts";

/** Shows what set-up is at. */
export interface PhaseLine {
  /** Starts the next phase. */
  phase(text: string): void;
  /** Adds a passing detail to the phase; shown in a terminal only. */
  detail(text: string): void;
  /** Draws the seconds anew; in a terminal only. */
  tick(): void;
  /** Clears what is passing and prints a line that stays. */
  finish(text?: string): void;
}

/** Where the lines go; the defaults are those of stderr. */
export interface PhaseOutput {
  /** Whether a line can be redrawn. */
  readonly terminal?: boolean;
  /** Characters in a line of the terminal. */
  readonly columns?: () => number;
  /** Takes text as it is. */
  readonly write?: (text: string) => void;
  /** Milliseconds from any origin. */
  readonly now?: () => number;
}

/**
 * Makes the progress of `count` phases.
 */
export function phaseLine(count: number, output: PhaseOutput = {}): PhaseLine {
  const terminal = output.terminal ?? Deno.stderr.isTerminal();
  const columns = output.columns ?? terminalColumns;
  const now = output.now ?? (() => performance.now());
  const encoder = new TextEncoder();
  const write = output.write ??
    ((text: string) => void Deno.stderr.writeSync(encoder.encode(text)));
  const started = now();
  let done = 0;
  let current = "";
  let drawn = false;
  let detail = "";
  const draw = () => {
    const seconds = Math.round((now() - started) / 1000);
    const line = `[${done}/${count}] ${current}${detail && ": "}${detail}`;
    const time = ` ${seconds} s`;
    const room = Math.max(0, columns() - 1 - time.length);
    write(`\r\x1b[K${line.slice(0, room)}${time}`);
    drawn = true;
  };
  return {
    phase(text) {
      done++;
      current = text;
      detail = "";
      if (terminal) draw();
      else write(`[${done}/${count}] ${text}\n`);
    },
    detail(text) {
      detail = text;
      if (terminal) draw();
    },
    tick() {
      if (drawn) draw();
    },
    finish(text) {
      if (terminal && drawn) write("\r\x1b[K");
      drawn = false;
      if (text !== undefined) write(`${text}\n`);
    },
  };
}
