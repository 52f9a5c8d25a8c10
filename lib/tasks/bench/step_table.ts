/**
 * The benchmark's result and how it is printed.
 *
 * @module
 */

/** What is timed. */
export interface Timing {
  /** Which of the contestant's ways, such as `keras` or `torchCompile`. */
  readonly variant: string;
  /** A training step, or one half of the network alone. */
  readonly kind: "train" | "encode" | "decode";
  /** Side of the images in pixels. */
  readonly size: number;
  /** Images per step. */
  readonly batch: number;
}

/** Median milliseconds by contestant, without those that cannot run. */
export type Milliseconds = Readonly<Record<string, number>>;

/** What was timed, and how long each contestant took. */
export interface BenchCase extends Omit<Timing, "variant"> {
  /** Median milliseconds per step. */
  readonly ms: Milliseconds;
}

/** Contestants in the order of the table. */
export const CONTESTANTS = [
  "compiled",
  "eager",
  "keras",
  "torchEager",
  "torchCompile",
] as const;

/**
 * Compares the compiled step with the peers.
 *
 * @param ms Median milliseconds by contestant.
 * @returns The time of the fastest peer, divided by that of the compiled step.
 */
export function peerRatio(ms: Milliseconds): number {
  const peers = Object.entries(ms)
    .filter(([name]) => name !== "compiled" && name !== "eager")
    .map(([, value]) => value);
  return Math.min(...peers) / ms["compiled"]!;
}

/**
 * Formats the result as a table.
 *
 * @param cases What was timed.
 * @returns A heading and a line for each case, with {@linkcode peerRatio}.
 */
export function stepTable(cases: readonly BenchCase[]): string {
  const rows = cases.map(({ kind, size, batch, ms }) => [
    `${kind} ${size}, batch ${batch}`,
    ...CONTESTANTS.map((name) => ms[name]?.toFixed(1) ?? "-"),
    peerRatio(ms).toFixed(2),
  ]);
  const lines = [["ms", ...CONTESTANTS, "peer/ours"], ...rows];
  return lines.map(([first, ...rest]) =>
    first!.padEnd(22) + rest.map((cell) => cell.padStart(13)).join("")
  ).join("\n");
}
