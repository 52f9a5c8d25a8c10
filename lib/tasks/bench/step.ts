/**
 * `deno task bench:step`: times a training step and the network's halves, here
 * and in Keras and PyTorch, on the same machine.
 *
 * All contestants have the same network, batch, optimizer (Adam), precision
 * and number of threads, and take turns, so that a machine that slows down
 * affects all of them. PyTorch runs in both of its memory layouts, and the
 * faster one counts. bfloat16 is timed on processors that have it. A layers
 * model with LSTMs is timed beside Keras alone, which has the same layers.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Peer } from "@/evaluation/speed/peer.ts";
import { type PeerPackages, peerPython } from "@/files/peer_python.ts";
import { collectTurns, timed } from "@/evaluation/take_turns.ts";
import { median } from "@/metrics/mod.ts";
import type { Precision } from "@/tensorflow/mod.ts";
import { multipliesBfloat16, vectorUnit } from "@/tensorflow/ffi/processor.ts";
import {
  addMachine,
  type BenchCase,
  type MachineResult,
  stepTable,
  type Timing,
} from "./step_table.ts";
import { interruptSignal, parseOptions, runTask } from "@/tasks/cli/mod.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/** The newest versions that this benchmark was tried with. */
const TORCH: PeerPackages = {
  folder: "bench-venv",
  name: "PyTorch",
  packages: ["torch==2.15.0", "numpy"],
};
const KERAS: PeerPackages = {
  folder: "keras-venv",
  name: "Keras",
  packages: [
    Deno.build.os === "linux" && Deno.build.arch === "x86_64"
      ? "tensorflow-cpu==2.21.0"
      : "tensorflow==2.21.0",
  ],
};
const RESULTS = join(PROJECT_ROOT, "results", "bench", "step.json");
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
const LAYERS = [
  { kind: "dates", size: 12, batch: 128, seconds: 15 },
] as const;
type Plan = (typeof TRAINING | typeof INFERENCE | typeof LAYERS)[number] & {
  readonly precision: Precision;
};

/** The variants of the peers, by peer. */
const VARIANTS = {
  keras: ["keras"],
  torch: [
    "torchEager",
    "torchEagerLast",
    "torchCompile",
    "torchCompileLast",
  ],
} as const;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, or the peers cannot be installed.
 */
export async function main(args: string[]): Promise<void> {
  const cores = navigator.hardwareConcurrency;
  const { options } = parseOptions({
    usage: "deno task bench:step [--threads N] [--scale X]",
    description:
      "Times a training step and inference here, in Keras and in PyTorch, in " +
      "6 minutes, and writes results/bench/step.json. The first run installs " +
      "PyTorch (6 GB) and Keras (2 GB) in .cache.",
    options: {
      threads: {
        type: "number",
        help: "number of threads of each contestant",
        default: cores,
        min: 1,
        integer: true,
      },
      scale: {
        type: "number",
        help: "factor for the seconds of each case",
        default: 1,
        min: 0,
      },
      out: {
        type: "string",
        value: "FILE",
        default: RESULTS,
        help: "file of the results (default results/bench/step.json)",
      },
    },
  }, args);
  const earlier = await readResults(options.out);
  const signal = interruptSignal();
  // Read when TensorFlow is loaded, which is why that comes after.
  Deno.env.set("ONECODE_THREADS", String(options.threads));
  const { ownStep } = await import("./own_step.ts");
  const { describeMachine } = await import("@/experiment/environment.ts");
  const { describeVersions } = await import("@/training/run.ts");
  const torchPython = await peerPython(
    PROJECT_ROOT,
    TORCH,
    () => console.error("Installing PyTorch for the peers…"),
  );
  const kerasPython = await peerPython(
    PROJECT_ROOT,
    KERAS,
    () => console.error("Installing Keras for the peers…"),
  );
  const start = (name: string, python: string) =>
    Peer.start<Timing>({
      python,
      script: PEERS_SCRIPT,
      name,
      args: [name, String(options.threads)],
    });
  await using keras = await start("keras", kerasPython);
  await using torch = await start("torch", torchPython);
  const run = async ({ seconds, ...plan }: Plan): Promise<BenchCase> => {
    const { kind, size, batch, precision } = plan;
    console.error(`${kind} ${size}, batch ${batch}, ${precision}…`);
    const field = new Map<string, () => Promise<number[]>>();
    for (const variant of ["compiled", "eager"]) {
      const step = ownStep({ ...plan, variant });
      const time = timed(() => Promise.resolve(step()));
      field.set(variant, async () => [await time(), await time()]);
    }
    for (
      const [peer, variants] of [
        [keras, VARIANTS.keras],
        [torch, kind === "dates" ? [] : VARIANTS.torch],
      ] as const
    ) {
      for (const variant of variants) {
        field.set(variant, () => peer.time({ ...plan, variant }, 2));
      }
    }
    const { results } = await collectTurns(field, {
      seconds: seconds * options.scale,
      leastRounds: 5,
      signal,
      onFailure: (error) =>
        console.error(error instanceof Error ? error.message : String(error)),
    });
    const ms = Array.from(
      results,
      ([name, times]) => [name, round2(median(times.flat()))] as const,
    );
    return { ...plan, ms: fastestLayouts(Object.fromEntries(ms)) };
  };
  const precisions: Precision[] = multipliesBfloat16()
    ? ["float32", "bfloat16"]
    : ["float32"];
  const plans = precisions.flatMap((precision) =>
    TRAINING.map((plan): Plan => ({ ...plan, precision }))
  );
  for (const plan of [...INFERENCE, ...LAYERS]) {
    plans.push({ ...plan, precision: "float32" });
  }
  const cases: BenchCase[] = [];
  for (const plan of plans) cases.push(await run(plan));
  const result = {
    machine: { ...describeMachine(), vectors: vectorUnit() },
    threads: options.threads,
    versions: { ...describeVersions(), ...keras.versions, ...torch.versions },
    cases,
  };
  const machines = addMachine(earlier, result);
  await atomicWrite(options.out, `${JSON.stringify({ machines }, null, 2)}\n`);
  console.log(stepTable(result));
}

/** The results of all machines so far. */
async function readResults(path: string): Promise<MachineResult[]> {
  try {
    return JSON.parse(await Deno.readTextFile(path)).machines;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/** Keeps the faster of PyTorch's memory layouts. */
function fastestLayouts(ms: Record<string, number>): Record<string, number> {
  const fastest: Record<string, number> = {};
  for (const [variant, time] of Object.entries(ms)) {
    const name = variant.replace(/Last$/, "");
    fastest[name] = Math.min(time, fastest[name] ?? Infinity);
  }
  return fastest;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

if (import.meta.main) await runTask(main);
