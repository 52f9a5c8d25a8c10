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

/** Median milliseconds by contestant; those that cannot run are absent. */
export type Milliseconds = Readonly<Record<string, number>>;

/** What was timed, and how long each contestant took. */
export interface BenchCase extends Omit<Timing, "variant"> {
  /** Median milliseconds a step. */
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

/** How many times as long the fastest peer takes as the compiled step. */
export function peerRatio(ms: Milliseconds): number {
  const peers = Object.entries(ms)
    .filter(([name]) => name !== "compiled" && name !== "eager")
    .map(([, value]) => value);
  return Math.min(...peers) / ms["compiled"]!;
}

/** A table of cases with the ratio of the fastest peer to the compiled step. */
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
