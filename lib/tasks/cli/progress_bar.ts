/**
 * Progress on the command line: one line that redraws itself in a terminal,
 * a plain line now and then where the output is piped.
 *
 *     Training ━━━━━━━━━━──────────  120/240  loss 0.0123  45 images/s  0:42 left
 *
 * @module
 */
import type { OnProgress, Progress } from "@/files/progress.ts";
import { terminalColumns } from "./terminal_columns.ts";

export type { OnProgress, Progress };

/** Where the progress is shown; the defaults are those of stderr. */
export interface ProgressOutput {
  /** Whether a line can be redrawn. */
  readonly terminal?: boolean;
  /** Characters in a line of the terminal. */
  readonly columns?: () => number;
  /** Takes text as it is. */
  readonly write?: (text: string) => void;
  /** Milliseconds from any origin. */
  readonly now?: () => number;
}

/** Shows progress until `end` is called. */
export type ProgressReporter = OnProgress & {
  /** Leaves the last state standing and moves to a new line. */
  end(): void;
};

const redrawMilliseconds = 100;
const plainLineMilliseconds = 10_000;
const barCharacters = 20;

/** Seconds as `m:ss` or `h:mm:ss`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (number: number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

function details(progress: Progress): string[] {
  const { done, total, loss, imagesPerSecond, secondsLeft } = progress;
  const parts = [total > 0 ? `${done}/${total}` : `${done}`];
  if (loss !== undefined) parts.push(`loss ${loss.toPrecision(4)}`);
  if (imagesPerSecond !== undefined) {
    const digits = imagesPerSecond < 10 ? 1 : 0;
    parts.push(`${imagesPerSecond.toFixed(digits)} images/s`);
  }
  if (secondsLeft !== undefined) {
    parts.push(`${formatDuration(secondsLeft)} left`);
  }
  return parts;
}

/**
 * One line that shows `progress`, at most `columns` characters long.
 *
 * @param bar Whether a bar is drawn where the total is known.
 */
export function progressLine(
  progress: Progress,
  bar: boolean,
  columns = Infinity,
): string {
  const parts = details(progress);
  const fraction = Math.min(1, progress.done / progress.total);
  if (bar && progress.total > 0) {
    const full = Math.round(fraction * barCharacters);
    parts.unshift("━".repeat(full) + "─".repeat(barCharacters - full));
  }
  const line = [progress.phase, ...parts].join("  ");
  return line.length > columns ? line.slice(0, Math.max(0, columns)) : line;
}

/**
 * Makes a reporter that can be passed to anything that tells its progress.
 *
 * A terminal's line is redrawn at most ten times a second; piped output gets a
 * line at the start and end of a phase and every ten seconds in between.
 */
export function progressReporter(
  output: ProgressOutput = {},
): ProgressReporter {
  const terminal = output.terminal ?? Deno.stderr.isTerminal();
  const columns = output.columns ?? terminalColumns;
  const now = output.now ?? (() => performance.now());
  const encoder = new TextEncoder();
  const write = output.write ??
    ((text: string) => void Deno.stderr.writeSync(encoder.encode(text)));
  let last: Progress | undefined;
  let drawn: Progress | undefined;
  let drawnAt = -Infinity;

  const draw = (progress: Progress) => {
    drawn = progress;
    drawnAt = now();
    write(
      terminal
        ? `\r\x1b[K${progressLine(progress, true, columns() - 1)}`
        : `${progressLine(progress, false)}\n`,
    );
  };
  const finishPhase = () => {
    if (last === undefined) return;
    if (last !== drawn) draw(last);
    if (terminal) write("\n");
  };
  const report = (progress: Progress) => {
    const newPhase = progress.phase !== last?.phase;
    if (newPhase) finishPhase();
    last = progress;
    const interval = terminal ? redrawMilliseconds : plainLineMilliseconds;
    if (newPhase || now() - drawnAt >= interval) draw(progress);
  };
  return Object.assign(report, {
    end(): void {
      finishPhase();
      last = drawn = undefined;
      drawnAt = -Infinity;
    },
  });
}
