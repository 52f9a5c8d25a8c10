/**
 * The benchmark's results, one for each machine, and how they are printed.
 *
 * @module
 */
import type { Machine } from "@/experiment/types.ts";
import type { Precision } from "@/tensorflow/mod.ts";

/** What is timed. */
export interface Timing {
  /** Which of the contestant's ways, such as `keras` or `torchCompile`. */
  readonly variant: string;
  /**
   * A training step, one half of the network alone, or a training step of a
   * layers model that translates dates.
   */
  readonly kind: "train" | "encode" | "decode" | "dates";
  /** Side of the images in pixels, or length of the dates. */
  readonly size: number;
  /** Images or dates per step. */
  readonly batch: number;
  /** What convolutions and matrix products are computed in. */
  readonly precision: Precision;
}

/** Median milliseconds by contestant, without those that cannot run. */
export type Milliseconds = Readonly<Record<string, number>>;

/** What was timed, and how long each contestant took. */
export interface BenchCase extends Omit<Timing, "variant"> {
  /** Median milliseconds per step. */
  readonly ms: Milliseconds;
}

/** What was measured on one machine. */
export interface MachineResult {
  /** The machine. */
  readonly machine: Machine & {
    /** What its processor computes with, such as `AVX2`. */
    readonly vectors: string;
  };
  /** Threads of each contestant. */
  readonly threads: number;
  /** Versions of all contestants. */
  readonly versions: Readonly<Record<string, string | undefined>>;
  /** What was timed. */
  readonly cases: readonly BenchCase[];
}

/**
 * Adds what was measured on a machine to the results of others. Earlier
 * results of a machine of this kind with as many threads are replaced.
 *
 * @param results The results so far.
 * @param added What was measured now.
 * @returns All results.
 */
export function addMachine(
  results: readonly MachineResult[],
  added: MachineResult,
): MachineResult[] {
  const kind = ({ machine, threads }: MachineResult) =>
    [machine.cpu, machine.vectors, machine.cores, threads].join();
  return [
    ...results.filter((result) => kind(result) !== kind(added)),
    added,
  ];
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
 * Formats what was measured on a machine as a table.
 *
 * @param result The machine and its times.
 * @returns The machine, a heading and a line for each case, with
 * {@linkcode peerRatio}.
 */
export function stepTable(
  { machine, threads, cases }: MachineResult,
): string {
  const rows = cases.map(({ kind, size, batch, precision, ms }) => [
    `${kind} ${size}, batch ${batch}` +
    (precision === "float32" ? "" : `, ${precision}`),
    ...CONTESTANTS.map((name) => ms[name]?.toFixed(1) ?? "-"),
    peerRatio(ms).toFixed(2),
  ]);
  const lines = [["ms", ...CONTESTANTS, "peer/ours"], ...rows];
  const table = lines.map(([first, ...rest]) =>
    first!.padEnd(32) + rest.map((cell) => cell.padStart(13)).join("")
  );
  const { cpu, vectors, cores } = machine;
  return [`${cpu}, ${vectors}, ${cores} cores, ${threads} threads`, ...table]
    .join("\n");
}
