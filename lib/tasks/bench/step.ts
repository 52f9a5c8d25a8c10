/**
 * `deno task bench:step`: how long a training step and the network's halves
 * take, ours and those of Keras and PyTorch, side by side on this machine.
 *
 * All contestants have one network, one batch, Adam, float32 and one number of
 * threads, and take turns, so that a machine that slows down slows all alike.
 * PyTorch runs in both of its memory layouts, and the faster one counts.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ownStep as OwnStep, Step } from "./own_step.ts";
import {
  Peer,
  type PeerPackages,
  peerPython,
} from "@/evaluation/speed/peer.ts";
import { median } from "@/metrics/mod.ts";
import { type BenchCase, stepTable, type Timing } from "./step_table.ts";
import { interruptSignal, parseOptions, runTask } from "@/tasks/cli/mod.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/** The newest version that this benchmark was tried with. */
const TORCH: PeerPackages = {
  folder: "bench-venv",
  name: "PyTorch",
  packages: ["torch==2.15.0", "numpy"],
};
const PEERS_SCRIPT = fileURLToPath(new URL("peers.py", import.meta.url));

/** What is timed, and for how many seconds at most once all are warm. */
const TRAINING = [
  { kind: "train", size: 172, batch: 16, seconds: 50 },
  { kind: "train", size: 344, batch: 8, seconds: 90 },
] as const;
const INFERENCE = [
  { kind: "encode", size: 172, batch: 1, seconds: 4 },
  { kind: "encode", size: 172, batch: 16, seconds: 6 },
  { kind: "decode", size: 172, batch: 1, seconds: 5 },
  { kind: "decode", size: 172, batch: 16, seconds: 12 },
] as const;
type Plan = (typeof TRAINING | typeof INFERENCE)[number];

/** Times one contestant for some steps. */
type Contestant = (steps: number) => number[] | Promise<number[]>;

/** Rounds that are run even when time is up. */
const LEAST_ROUNDS = 5;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense, or the peers cannot be installed.
 */
export async function main(args: string[]): Promise<void> {
  const cores = navigator.hardwareConcurrency;
  const { options } = parseOptions({
    usage: "deno task bench:step [--threads N] [--scale X]",
    description:
      "Times a training step and inference beside Keras and PyTorch, in 6 " +
      "minutes, and writes results/bench/step.json. The first run installs " +
      "PyTorch (6 GB) in .cache/bench-venv.",
    options: {
      threads: {
        type: "number",
        help: "threads for each contestant; one a core",
        default: cores,
        min: 1,
        integer: true,
      },
      scale: {
        type: "number",
        help: "times as many seconds for each case",
        default: 1,
        min: 0,
      },
    },
  }, args);
  const signal = interruptSignal();
  // Read when TensorFlow is loaded, which is why that comes after.
  Deno.env.set("ONECODE_THREADS", String(options.threads));
  const { ownStep, timeOwn } = await import("./own_step.ts");
  const { describeMachine, describeVersions } = await import(
    "@/experiment/environment.ts"
  );
  const torchPython = await peerPython(
    PROJECT_ROOT,
    TORCH,
    () => console.error("Installing PyTorch for the peers…"),
  );
  const start = (name: string, python: string) =>
    Peer.start<Timing>({
      python,
      script: PEERS_SCRIPT,
      name,
      args: [name, String(options.threads)],
    });
  const keras = await start(
    "keras",
    join(PROJECT_ROOT, ".venv", "bin", "python"),
  );
  const torch = await start("torch", torchPython);
  const run = async (plan: Plan): Promise<BenchCase> => {
    signal.throwIfAborted();
    const { seconds, ...timing } = plan;
    console.error(`${plan.kind} ${plan.size}, batch ${plan.batch}…`);
    const field = ours(timing, ownStep, timeOwn);
    peers(timing, keras, torch).forEach((run, name) => field.set(name, run));
    const ms = await compete(field, seconds * options.scale, signal);
    return { ...timing, ms: fastestLayouts(ms) };
  };
  try {
    const cases: BenchCase[] = [], inference: BenchCase[] = [];
    for (const plan of TRAINING) cases.push(await run(plan));
    for (const plan of INFERENCE) inference.push(await run(plan));
    await save({
      machine: describeMachine(),
      threads: options.threads,
      versions: {
        ...describeVersions(),
        ...keras.versions,
        ...torch.versions,
      },
      cases,
      inference,
    });
    console.log(stepTable([...cases, ...inference]));
  } finally {
    await Promise.all([keras.stop(), torch.stop()]);
  }
}

function ours(
  timing: Omit<Timing, "variant">,
  make: typeof OwnStep,
  time: (step: Step, steps: number) => number[],
): Map<string, Contestant> {
  return new Map(["compiled", "eager"].map((variant) => {
    const step = make({ ...timing, variant });
    return [variant, (steps) => time(step, steps)];
  }));
}

function peers(
  timing: Omit<Timing, "variant">,
  keras: Peer<Timing>,
  torch: Peer<Timing>,
): Map<string, Contestant> {
  const variants = [
    "keras",
    "torchEager",
    "torchEagerLast",
    "torchCompile",
    "torchCompileLast",
  ];
  return new Map(variants.map((variant) => {
    const peer = variant === "keras" ? keras : torch;
    return [variant, (steps) => peer.time({ ...timing, variant }, steps)];
  }));
}

/** Median milliseconds of each; who cannot run is told of and left out. */
async function compete(
  field: Map<string, Contestant>,
  seconds: number,
  signal: AbortSignal,
): Promise<Record<string, number>> {
  const times = new Map<string, number[]>();
  for (const [name, run] of field) {
    signal.throwIfAborted();
    try {
      await run(3);
      times.set(name, []);
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
    }
  }
  const end = performance.now() + seconds * 1000;
  for (
    let round = 0;
    round < LEAST_ROUNDS || performance.now() < end;
    round++
  ) {
    // Forwards and backwards, so that none is always after the same one.
    const names = Array.from(times.keys());
    if (round % 2 === 1) names.reverse();
    for (const name of names) {
      signal.throwIfAborted();
      times.get(name)!.push(...await field.get(name)!(2));
    }
  }
  return Object.fromEntries(
    Array.from(times, ([name, values]) => [name, round2(median(values))]),
  );
}

/** Keeps the faster of PyTorch's memory layouts. */
function fastestLayouts(ms: Record<string, number>): Record<string, number> {
  const { torchEagerLast, torchCompileLast, ...rest } = ms;
  const least = (name: string, other: number | undefined) => {
    const values = [rest[name], other].filter((value) => value !== undefined);
    return values.length === 0 ? {} : { [name]: Math.min(...values) };
  };
  return {
    ...rest,
    ...least("torchEager", torchEagerLast),
    ...least("torchCompile", torchCompileLast),
  };
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

async function save(result: unknown): Promise<void> {
  const folder = join(PROJECT_ROOT, "results", "bench");
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(
    join(folder, "step.json"),
    `${JSON.stringify(result, null, 2)}\n`,
  );
}

if (import.meta.main) await runTask(main);
