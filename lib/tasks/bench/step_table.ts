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
   * A training step, one half of the network alone, or a training step of the
   * codec or of a layers model that translates dates.
   */
  readonly kind: "train" | "codec" | "encode" | "decode" | "dates";
  /** Side of the images in pixels, or length of the dates. */
  readonly size: number;
  /** Images or dates per step. */
  readonly batch: number;
  /** What convolutions and matrix products are computed in. */
  readonly precision: Precision;
  /** What the codec's step is made from in the peers; see `codec_step.ts`. */
  readonly file?: string;
}

/** Median milliseconds by contestant, without those that cannot run. */
export type Milliseconds = Readonly<Record<string, number>>;

/** What was timed, and how long each contestant took. */
export interface BenchCase extends Omit<Timing, "variant" | "file"> {
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

/** What tells machines of one kind from others. */
export interface MachineKind {
  /** The machine. */
  readonly machine: Pick<MachineResult["machine"], "cpu" | "vectors" | "cores">;
  /** Its threads. */
  readonly threads: number;
}

/**
 * The machines whose results replace one another have the same kind.
 *
 * @param result A machine and its threads.
 * @returns Equal for machines of one kind with as many threads.
 */
export function machineKind(
  { machine: { cpu, vectors, cores }, threads }: MachineKind,
): string {
  return [cpu, vectors, cores, threads].join();
}

/**
 * Adds what was measured on a machine to the results of others. Earlier rows of
 * the same cases on a machine of this kind are replaced; so are all its rows if
 * they are of other versions.
 *
 * @param results The results so far.
 * @param added What was measured now.
 * @returns All results, those of this machine at the end.
 */
export function addMachine(
  results: readonly MachineResult[],
  added: MachineResult,
): MachineResult[] {
  const earlier = results.find((result) =>
    machineKind(result) === machineKind(added) &&
    JSON.stringify(result.versions) === JSON.stringify(added.versions)
  );
  const rows = new Map(
    [...earlier?.cases ?? [], ...added.cases]
      .map((row) => [caseName(row), row]),
  );
  return replaceMachine(results, { ...added, cases: [...rows.values()] });
}

/**
 * Puts a result in place of the one of a machine of its kind.
 *
 * @param results The results so far.
 * @param added The result.
 * @returns All results, the added one at the end.
 */
export function replaceMachine<Result extends MachineKind>(
  results: readonly Result[],
  added: Result,
): Result[] {
  const kind = machineKind(added);
  return [...results.filter((result) => machineKind(result) !== kind), added];
}

/**
 * Names a case.
 *
 * @param row The case.
 * @returns Such as `train 172, batch 16, bfloat16`.
 */
export function caseName(
  { kind, size, batch, precision }: Omit<BenchCase, "ms">,
): string {
  return `${kind} ${size}, batch ${batch}` +
    (precision === "float32" ? "" : `, ${precision}`);
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
 * @returns The time of the fastest peer, divided by that of the compiled step;
 * Infinity if no peer was timed.
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
  const rows = cases.map((row) => {
    const ratio = peerRatio(row.ms);
    return [
      caseName(row),
      ...CONTESTANTS.map((name) => row.ms[name]?.toFixed(1) ?? "-"),
      Number.isFinite(ratio) ? ratio.toFixed(2) : "-",
    ];
  });
  const lines = [["ms", ...CONTESTANTS, "peer/ours"], ...rows];
  const table = lines.map(([first, ...rest]) =>
    first!.padEnd(32) + rest.map((cell) => cell.padStart(13)).join("")
  );
  const { cpu, vectors, cores } = machine;
  return [`${cpu}, ${vectors}, ${cores} cores, ${threads} threads`, ...table]
    .join("\n");
}
