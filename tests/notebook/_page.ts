import type { Bundle, Clock, Display, DisplayOptions } from "@/notebook/mod.ts";

/** One thing that a test's page was asked to show. */
export interface Shown {
  readonly bundle: Bundle;
  readonly options: DisplayOptions;
}

/** A page that only remembers. */
export function testPage(): { shown: Shown[]; display: Display } {
  const shown: Shown[] = [];
  const display: Display = (bundle, options = {}) => {
    shown.push({ bundle, options });
    return Promise.resolve();
  };
  return { shown, display };
}

/** A clock that moves only when told to. */
export interface TestClock extends Clock {
  /** Moves the time on and runs what has become due. */
  pass(milliseconds: number): void;
  /** Number of calls to come. */
  timers(): number;
}

/** A clock that starts at a time. */
export function testClock(start = 1_000_000): TestClock {
  let time = start;
  let waiting: { readonly at: number; readonly run: () => void }[] = [];
  return {
    now: () => time,
    after(milliseconds, run) {
      const entry = { at: time + milliseconds, run };
      waiting.push(entry);
      return () => waiting = waiting.filter((other) => other !== entry);
    },
    pass(milliseconds) {
      time += milliseconds;
      const due = waiting.filter(({ at }) => at <= time);
      waiting = waiting.filter(({ at }) => at > time);
      for (const { run } of due) run();
    },
    timers: () => waiting.length,
  };
}

/** Lets everything that is already resolved go on. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}
