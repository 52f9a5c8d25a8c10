/**
 * Progress on the command line: one line that is redrawn in a terminal, and
 * plain lines from time to time where the output is piped.
 *
 *     Training ━━━━━━━━━━──────────  120/240  loss 0.0123  45 images/s  0:42 left
 *
 * Set-up uses it before npm packages are installed, so it imports none.
 *
 * @module
 */
import {
  formatDuration,
  type OnProgress,
  type Progress,
} from "@/files/progress.ts";

export type { OnProgress };

/** Progress with a passing remark. */
export interface TaskProgress extends Progress {
  /** Shown at the end of the line. */
  readonly detail?: string;
}

/** Where the progress is shown; stderr by default. */
export interface ProgressOutput {
  /** Whether a line can be redrawn. */
  readonly terminal?: boolean;
  /** Returns the number of characters in a line of the terminal. */
  readonly columns?: () => number;
  /** Writes text, without a line break of its own. */
  readonly write?: (text: string) => void;
  /** Returns milliseconds from any origin. */
  readonly now?: () => number;
}

/** Shows progress until `end` is called or it is disposed of. */
export type ProgressReporter =
  & ((progress: TaskProgress) => void)
  & Disposable
  & {
    /** Leaves the last state in place and starts a new line. */
    end(): void;
  };

const redrawMilliseconds = 100;
const plainLineMilliseconds = 10_000;
const barCharacters = 20;

/** Characters in a line of the terminal; 80 where that is unknown. */
function terminalColumns(): number {
  try {
    // Some terminals, such as those of containers, report 0.
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** The parts of a line, and how soon each gives way where there is no room. */
type Part = readonly [text: string, givesWay: number];

function lineParts(progress: TaskProgress, bar: boolean): Part[] {
  const { done, total, loss, imagesPerSecond, secondsLeft, detail } = progress;
  const parts: Part[] = [[progress.phase, 0]];
  if (bar && total > 0) {
    const full = Math.round(Math.min(1, done / total) * barCharacters);
    parts.push(["━".repeat(full) + "─".repeat(barCharacters - full), 3]);
  }
  parts.push([total > 0 ? `${done}/${total}` : `${done}`, 0]);
  if (loss !== undefined) parts.push([`loss ${loss.toPrecision(4)}`, 1]);
  if (imagesPerSecond !== undefined) {
    const digits = imagesPerSecond < 10 ? 1 : 0;
    parts.push([`${imagesPerSecond.toFixed(digits)} images/s`, 2]);
  }
  if (secondsLeft !== undefined) {
    parts.push([`${formatDuration(secondsLeft)} left`, 0]);
  }
  if (detail !== undefined) parts.push([detail, 0]);
  return parts;
}

/**
 * Formats progress as one line. Where it is too long, the bar gives way first,
 * then the speed, then the loss, so that the time left stays.
 *
 * @param progress The state to show.
 * @param bar Whether a bar is drawn where the total is known.
 * @param columns The maximum length of the line, in characters.
 * @returns The line, without a line break.
 */
export function progressLine(
  progress: TaskProgress,
  bar: boolean,
  columns = Infinity,
): string {
  const parts = lineParts(progress, bar);
  for (const first of [4, 3, 2, 1]) {
    const kept = parts.filter(([, givesWay]) => givesWay < first);
    const line = kept.map(([text]) => text).join("  ");
    if (line.length <= columns) return line;
    if (first === 1) return line.slice(0, Math.max(0, columns));
  }
  return "";
}

/**
 * Makes a reporter, to be passed as `onProgress`.
 *
 * A terminal's line is redrawn at most ten times per second; piped output gets
 * a line at the start and end of a phase and every ten seconds in between.
 *
 * @param output Where the progress is shown.
 * @returns The reporter; call its `end` before anything else is printed.
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
  let last: TaskProgress | undefined;
  let drawn: TaskProgress | undefined;
  let drawnAt = -Infinity;

  const draw = (progress: TaskProgress) => {
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
  const report = (progress: TaskProgress) => {
    const newPhase = progress.phase !== last?.phase;
    if (newPhase) finishPhase();
    last = progress;
    const interval = terminal ? redrawMilliseconds : plainLineMilliseconds;
    if (newPhase || now() - drawnAt >= interval) draw(progress);
  };
  const end = () => {
    finishPhase();
    last = drawn = undefined;
    drawnAt = -Infinity;
  };
  return Object.assign(report, { end, [Symbol.dispose]: end });
}
