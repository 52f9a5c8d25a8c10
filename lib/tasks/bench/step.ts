/**
 * `deno task bench:step`: times a training step and the network's halves, here
 * and in Keras and PyTorch, on the same machine.
 *
 * All contestants have the same network, batch, optimizer (Adam), precision
 * and number of threads, and take turns, so that a machine that slows down
 * affects all of them. PyTorch runs in both of its memory layouts, and the
 * faster one counts. bfloat16 is timed on processors that have it. A layers
 * model with LSTMs is timed beside Keras alone, which has the same layers. The
 * peers' step of the codec is checked: its loss has to be ours.
 *
 * Each case is a process of its own, and its row is written when it is done.
 *
 * @module
 */
import os from "node:os";
import { fileURLToPath } from "node:url";
import { UserError } from "@/errors/user_error.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { type PeerPackages, peerPython } from "@/files/peer_python.ts";
import {
  chooseWords,
  interruptSignal,
  parseOptions,
  runTask,
} from "@/tasks/cli/mod.ts";
import { multipliesBfloat16, vectorUnit } from "@/tensorflow/ffi/processor.ts";
import type { Precision } from "@/tensorflow/mod.ts";
import type { CaseRequest } from "./step_case.ts";
import {
  addMachine,
  caseName,
  machineKind,
  type MachineResult,
  stepTable,
} from "./step_table.ts";
import { benchFile, readMachines, writeMachines } from "./write_bench.ts";

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
const CASE_SCRIPT = fileURLToPath(new URL("step_case.ts", import.meta.url));

/** What is timed, and for how many seconds at most once all are warm. */
const TRAINING = [
  { kind: "train", size: 172, batch: 16, seconds: 50 },
  { kind: "train", size: 344, batch: 8, seconds: 90 },
  { kind: "codec", size: 192, batch: 4, seconds: 50 },
] as const;
const OTHERS = [
  { kind: "encode", size: 172, batch: 1, seconds: 4 },
  { kind: "encode", size: 172, batch: 16, seconds: 6 },
  { kind: "decode", size: 172, batch: 1, seconds: 5 },
  { kind: "decode", size: 172, batch: 16, seconds: 12 },
  { kind: "dates", size: 12, batch: 128, seconds: 15 },
] as const;
type Plan = CaseRequest["plan"] & Pick<CaseRequest, "seconds">;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, the peers cannot be installed,
 * or a case fails.
 */
export async function main(args: string[]): Promise<void> {
  const cores = navigator.hardwareConcurrency;
  const { options, words } = parseOptions({
    usage: "deno task bench:step [train dates]",
    description:
      "Times training steps and inference here, in Keras and in PyTorch, in " +
      "about 10 minutes: train, codec, encode, decode, dates; all of them by " +
      "default. Each row is written to results/bench/step.json when it is " +
      "done. The first run installs PyTorch (6 GB) and Keras (2 GB) in .cache.",
    words: "CASES",
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
      resume: {
        type: "boolean",
        help: "skip what this machine has a row for",
      },
      out: {
        type: "string",
        value: "FILE",
        help: "file of the results (default results/bench/step.json)",
      },
    },
  }, args);
  const plans = allPlans();
  const kinds = chooseWords(
    words,
    [...new Set(plans.map(({ kind }) => kind))],
    "There is no case",
  );
  const { threads, out = benchFile("step") } = options;
  let machines = await readMachines<MachineResult>(out);
  const install = (peer: PeerPackages) =>
    peerPython(
      PROJECT_ROOT,
      peer,
      () => console.error(`Installing ${peer.name} for the peers…`),
    );
  const pythons = { torch: await install(TORCH), keras: await install(KERAS) };
  let result: MachineResult | undefined;
  for (const { seconds, ...plan } of plans) {
    if (!kinds.includes(plan.kind)) continue;
    const name = caseName(plan);
    if (options.resume && hasRow(machines, plan, threads)) continue;
    console.error(`${name}…`);
    const timed = await runCase({
      ...{ plan, threads, pythons },
      seconds: seconds * options.scale,
    });
    machines = addMachine(machines, timed);
    result = machines.at(-1)!;
    await writeMachines(out, machines);
  }
  console.log(result === undefined ? "No case is left." : stepTable(result));
}

function allPlans(): Plan[] {
  const precisions: Precision[] = multipliesBfloat16()
    ? ["float32", "bfloat16"]
    : ["float32"];
  return [
    ...precisions.flatMap((precision) =>
      TRAINING.map((plan): Plan => ({ ...plan, precision }))
    ),
    ...OTHERS.map((plan): Plan => ({ ...plan, precision: "float32" })),
  ];
}

/** Whether this machine has a row of a case. */
function hasRow(
  machines: readonly MachineResult[],
  plan: CaseRequest["plan"],
  threads: number,
): boolean {
  const here = {
    cpu: os.cpus()[0]?.model.trim() ?? "unknown",
    vectors: vectorUnit(),
    cores: navigator.hardwareConcurrency,
  };
  return machines.some((result) =>
    machineKind(result) === machineKind({ machine: here, threads }) &&
    result.cases.some((row) => caseName(row) === caseName(plan))
  );
}

async function runCase(request: CaseRequest): Promise<MachineResult> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", CASE_SCRIPT, JSON.stringify(request)],
    // Read when TensorFlow is loaded.
    env: { ONECODE_THREADS: String(request.threads) },
    stdin: "null",
    stdout: "piped",
    signal: interruptSignal(),
  }).spawn();
  const { success, stdout } = await child.output();
  interruptSignal().throwIfAborted();
  if (!success) throw new UserError(`${caseName(request.plan)} failed.`);
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  return JSON.parse(lines.at(-1)!);
}

if (import.meta.main) await runTask(main);
