/**
 * One case of `deno task bench:step`, in a process of its own: times all
 * contestants in turns and prints a {@linkcode MachineResult} as JSON.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Peer } from "@/evaluation/speed/peer.ts";
import { collectTurns, timed } from "@/evaluation/take_turns.ts";
import { describeMachine } from "@/experiment/environment.ts";
import { median } from "@/metrics/mod.ts";
import { vectorUnit } from "@/tensorflow/ffi/processor.ts";
import { describeVersions } from "@/training/run.ts";
import { codecStep, writeCodecStep } from "./codec_step.ts";
import { ownStep } from "./own_step.ts";
import type { BenchCase, MachineResult, Timing } from "./step_table.ts";

/** What is timed, and with what. */
export interface CaseRequest {
  /** What every contestant does. */
  readonly plan: Omit<Timing, "variant" | "file">;
  /** Seconds at most, once all are warm. */
  readonly seconds: number;
  /** Threads of each contestant. */
  readonly threads: number;
  /** Paths of the peers' Pythons. */
  readonly pythons: { readonly keras: string; readonly torch: string };
}

const PEERS_SCRIPT = fileURLToPath(new URL("peers.py", import.meta.url));

/** The variants of the peers; of the codec, in one memory layout. */
const TORCH = [
  "torchEager",
  "torchEagerLast",
  "torchCompile",
  "torchCompileLast",
];
const TORCH_OF_KIND: Readonly<Partial<Record<Timing["kind"], string[]>>> = {
  codec: ["torchEagerLast", "torchCompileLast"],
  dates: [],
};

/** Times a case. */
async function timeCase(
  { plan, seconds, threads, pythons }: CaseRequest,
): Promise<MachineResult> {
  const start = (name: "keras" | "torch") =>
    Peer.start<Timing>({
      python: pythons[name],
      script: PEERS_SCRIPT,
      name,
      args: [name, String(threads)],
    });
  await using keras = await start("keras");
  await using torch = await start("torch");
  const folder = await Deno.makeTempDir({ prefix: "onecode_bench_" });
  try {
    let timing = { ...plan, variant: "" } as Timing;
    if (plan.kind === "codec") {
      timing = { ...timing, file: join(folder, "codec.safetensors") };
      using codec = codecStep(plan.size, plan.batch);
      await writeCodecStep(timing.file!, codec);
    }
    const field = new Map<string, () => Promise<number[]>>();
    for (const variant of ["compiled", "eager"]) {
      const step = ownStep({ ...timing, variant });
      const time = timed(() => Promise.resolve(step()));
      field.set(variant, async () => [await time(), await time()]);
    }
    for (
      const [peer, variants] of [
        [keras, ["keras"]],
        [torch, TORCH_OF_KIND[plan.kind] ?? TORCH],
      ] as const
    ) {
      for (const variant of variants) {
        field.set(variant, () => peer.time({ ...timing, variant }, 2));
      }
    }
    const { results } = await collectTurns(field, {
      seconds,
      leastRounds: 5,
      onFailure: (error) =>
        console.error(error instanceof Error ? error.message : String(error)),
    });
    const ms = Array.from(
      results,
      ([name, times]) => [name, round2(median(times.flat()))] as const,
    );
    const row: BenchCase = {
      ...plan,
      ms: fastestLayouts(Object.fromEntries(ms)),
    };
    return {
      machine: { ...describeMachine(), vectors: vectorUnit() },
      threads,
      versions: { ...describeVersions(), ...keras.versions, ...torch.versions },
      cases: [row],
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
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

if (import.meta.main) {
  console.log(JSON.stringify(await timeCase(JSON.parse(Deno.args[0]!))));
}
