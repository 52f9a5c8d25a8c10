/**
 * A profile as a table, and as a file for trace viewers.
 *
 * @module
 */

import { type FunctionProfile, spanMs } from "./profile.ts";
import type { OpRun } from "./step_stats.ts";

/** What an op does, by its name; the first that fits. */
const KINDS: readonly (readonly [string, RegExp])[] = [
  ["gradient of filters", /Conv.*BackpropFilter/],
  // A transposed convolution is this gradient, too.
  ["gradient of inputs", /Conv.*BackpropInput/],
  ["convolution", /Conv[23]D|DepthwiseConv/],
  ["matrix product", /MatMul|Einsum/],
  ["exchange between workers", /^Collective/],
  ["random numbers", /^(Stateless)?Random|Multinomial/],
  ["sum", /^(Sum|Mean|Max|Min|Prod|Any|All|BiasAddGrad|ArgM(ax|in)|L2Loss)$/],
  [
    "layout",
    /Transpose|DepthToSpace|SpaceToDepth|Pad|Concat|Pack|Slice|Split|Tile|Gather|Scatter|Reshape|BroadcastTo|ToTf|Reverse/,
  ],
  ["copy", /^(Identity|IdentityN|Cast|Copy|_MklCast|Assign)/],
];

/**
 * Names what an op does.
 *
 * @param op The op, such as `_FusedConv2D`.
 * @returns Such as `convolution`; `element-wise` if nothing else fits.
 */
export function opKind(op: string): string {
  return KINDS.find(([, pattern]) => pattern.test(op))?.[0] ?? "element-wise";
}

/** Ops that are alike, added up. */
interface OpGroup {
  readonly name: string;
  readonly count: number;
  readonly ms: number;
}

/**
 * Adds up the times of ops that have something in common.
 *
 * @param ops The ops of a run.
 * @param nameOf What they have in common.
 * @returns A group for each name, the slowest first.
 */
export function groupOps(
  ops: readonly OpRun[],
  nameOf: (op: OpRun) => string,
): OpGroup[] {
  return Array.from(Map.groupBy(ops, nameOf), ([name, members]) => ({
    name,
    count: members.length,
    ms: members.reduce((sum, { durationMs }) => sum + durationMs, 0),
  })).sort((a, b) => b.ms - a.ms);
}

/** Milliseconds in which at least one op ran. */
function busyMs(ops: readonly OpRun[]): number {
  let busy = 0, end = 0;
  for (const { startMs, durationMs } of ops) {
    const stop = startMs + durationMs;
    busy += Math.max(0, stop - Math.max(end, startMs));
    end = Math.max(end, stop);
  }
  return busy;
}

/**
 * Formats a profile as a table: first by kind, then op by op, where ops of one
 * shape are one line. Shares are of all ops' time, which is more than the
 * call's where ops run side by side.
 *
 * @param profile A profile.
 * @param options What is shown.
 * @param options.lines How many lines of ops; 20 by default.
 * @returns The table.
 */
export function profileTable(
  { name, callMs, ops }: FunctionProfile,
  { lines = 20 }: { readonly lines?: number } = {},
): string {
  const total = ops.reduce((sum, { durationMs }) => sum + durationMs, 0);
  const span = spanMs(ops), busy = busyMs(ops);
  const row = ({ name, count, ms }: OpGroup) =>
    line(name, [
      String(count),
      ms.toFixed(2),
      `${(100 * ms / Math.max(total, Number.MIN_VALUE)).toFixed(1)} %`,
    ]);
  const groups = groupOps(
    ops,
    ({ op, shape }) => `${op} [${shape.join(", ")}]`,
  );
  const shown = groups.slice(0, lines), hidden = groups.slice(lines);
  return [
    `${name}: ${callMs.toFixed(2)} ms a call`,
    "",
    line("kind", ["ops", "ms", "share"]),
    ...groupOps(ops, ({ op }) => opKind(op)).map(row),
    line("no op runs", ["", (span - busy).toFixed(2), ""]),
    line("the call itself", ["", Math.max(0, callMs - span).toFixed(2), ""]),
    "",
    line("op and first output", ["ops", "ms", "share"]),
    ...shown.map(row),
    ...hidden.length === 0 ? [] : [row({
      name: `${hidden.length} more`,
      count: hidden.reduce((sum, { count }) => sum + count, 0),
      ms: hidden.reduce((sum, { ms }) => sum + ms, 0),
    })],
  ].join("\n");
}

function line(first: string, cells: readonly string[]): string {
  return (first.padEnd(56) + cells.map((cell) => cell.padStart(9)).join(""))
    .trimEnd();
}

/**
 * Writes profiles as a file in Chrome's trace format, which Perfetto
 * (https://ui.perfetto.dev) and `chrome://tracing` open. Each profile is a
 * process; ops that ran side by side are on different lines.
 *
 * @param profiles Profiles.
 * @returns JSON.
 */
export function chromeTrace(profiles: readonly FunctionProfile[]): string {
  const events = profiles.flatMap(({ name, ops }, pid) => [
    { ph: "M", name: "process_name", pid, args: { name } },
    ...placeOnLines(ops).map(({ run, tid }) => ({
      ph: "X",
      name: run.op,
      cat: opKind(run.op),
      ts: 1000 * run.startMs,
      dur: 1000 * run.durationMs,
      pid,
      tid,
      args: { name: run.name, shape: run.shape.join(", ") },
    })),
  ]);
  return JSON.stringify({ displayTimeUnit: "ms", traceEvents: events });
}

/** Gives each op the first line on which no other op runs. */
function placeOnLines(
  ops: readonly OpRun[],
): { readonly run: OpRun; readonly tid: number }[] {
  const ends: number[] = [];
  return ops.map((run) => {
    const free = ends.findIndex((end) => end <= run.startMs);
    const tid = free < 0 ? ends.length : free;
    ends[tid] = run.startMs + run.durationMs;
    return { run, tid };
  });
}
