/**
 * `deno task bench:workers`: times training with one process and with two on
 * this machine, and the messages between them, and computes from that what to
 * expect of more machines.
 *
 * Four processes take turns, each with one thread: one that trains alone, two
 * separate ones at the same time, and two workers of a cluster. The separate
 * ones show what the machine itself loses with both cores at work.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { collectTurns } from "@/evaluation/take_turns.ts";
import { JsonProcess } from "@/files/json_process.ts";
import { median } from "@/metrics/mod.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { bytesSent, expectedGrowth } from "./expected.ts";
import { freeAddresses } from "./free_addresses.ts";
import type { Answer, Request, WorkerSettings } from "./worker.ts";
import { writeBench } from "./write_bench.ts";

/** The write-up's medium images, with its batch for each worker. */
const NETWORK = { size: 172, batch: 16 } as const;
/** Steps per turn; the first does not count, as the workers wait for it. */
const TURN = 4;
/** All gradients in one message. */
const ONE_MESSAGE = 2 ** 24;
/** Numbers of floats to sum: 4 KiB to 64 MiB. */
const FLOATS = [2 ** 10, 2 ** 14, 2 ** 18, 2 ** 20, 2 ** 22, 2 ** 24];
/** Numbers of machines of the expected curve. */
const WORKERS = [1, 2, 4, 8, 16, 32, 64];
/** Networks: bits per second, and milliseconds that a message travels. */
const NETWORKS = [
  { gigabits: 1, latencyMs: 0.1 },
  { gigabits: 10, latencyMs: 0.05 },
] as const;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, or a process ends early.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task bench:workers [--seconds N]",
    description:
      "Times training with one and with two workers on this machine, and " +
      "adds it to results/bench/workers.json.",
    options: {
      seconds: {
        type: "number",
        help: "seconds to train; the rest takes half a minute",
        default: 75,
        min: 1,
      },
      out: {
        type: "string",
        value: "FILE",
        help: "file of the result (default results/bench/workers.json)",
      },
    },
  }, args);
  const workers = freeAddresses(2);
  await using alone = startProcesses([]);
  await using cluster = startProcesses(workers);
  // Each prints a line when it is ready.
  for (const process of [...alone.list, ...cluster.list]) {
    checkAlive(await process.next());
  }
  const result = await measure(alone.list, cluster.list, options.seconds);
  await writeBench("workers", result, options.out);
  console.log(summary(result));
}

/** Starts two processes with one thread each. */
function startProcesses(
  workers: readonly string[],
): AsyncDisposable & { readonly list: readonly JsonProcess[] } {
  const script = fileURLToPath(new URL("worker.ts", import.meta.url));
  const list = [0, 1].map((rank) => {
    const settings: WorkerSettings = { ...NETWORK, workers, rank };
    return new JsonProcess(Deno.execPath(), {
      args: ["run", "-A", script, JSON.stringify(settings)],
      env: { ONECODE_THREADS: "1" },
    });
  });
  return {
    list,
    async [Symbol.asyncDispose]() {
      await Promise.all(list.map((process) => process.kill()));
    },
  };
}

function checkAlive(answer: unknown): unknown {
  if (answer !== undefined) return answer;
  throw new UserError("A process of the benchmark ended early.");
}

async function measure(
  alone: readonly JsonProcess[],
  cluster: readonly JsonProcess[],
  seconds: number,
) {
  const { parameters, stepMs, cpuMs } = await timeTraining(
    alone,
    cluster,
    seconds,
  );
  const gradientBytes = 4 * parameters;
  const allReduce = await timeSums(cluster);
  const exchangeMs = median(
    (await askAll(cluster, { kind: "exchange", times: 200 })).ms,
  );
  const rate = (ms: number, processes: number) =>
    1000 * processes * NETWORK.batch / ms;
  const rates = {
    one: rate(stepMs.one, 1),
    twoSideBySide: rate(stepMs.sideBySide, 2),
    twoWorkers: rate(stepMs.workers, 2),
  };
  // Two messages go round a ring of two, one after the other.
  const softwareMs = allReduce[0]!.ms / 2;
  const largest = allReduce.at(-1)!;
  const loopback = bytesSent(2, largest.bytes) / (largest.ms / 1000);
  return {
    threads: 1,
    network: { ...NETWORK, parameters, gradientBytes },
    measured: {
      stepMs,
      // Of each process; more reliable on a machine with other work.
      stepCpuMs: cpuMs,
      imagesPerSecond: rates,
      efficiency: rates.twoWorkers / (2 * rates.one),
      efficiencyBesideTwoAlone: rates.twoWorkers / rates.twoSideBySide,
      bytesSentAStep: bytesSent(2, gradientBytes),
      exchangeMs,
      allReduce,
    },
    expected: {
      note: "Computed, not measured: t(n) = compute + 4(n-1) latency + " +
        "2(n-1)/n bytes / bandwidth, with the step of one process measured " +
        "here, nothing hidden behind the computation, and each machine as " +
        "fast as one core of this one.",
      networks: NETWORKS.map(({ gigabits, latencyMs }) => ({
        gigabits,
        latencyMs: latencyMs + softwareMs,
        growth: expectedGrowth(WORKERS, {
          computeMs: stepMs.one,
          gradientBytes,
          batch: NETWORK.batch,
          latencyMs: latencyMs + softwareMs,
          bytesPerSecond: Math.min(gigabits * 1e9 / 8, loopback),
        }),
      })),
    },
  };
}

type Result = Awaited<ReturnType<typeof measure>>;

/** Median milliseconds of a step of each arrangement, which take turns. */
async function timeTraining(
  alone: readonly JsonProcess[],
  cluster: readonly JsonProcess[],
  seconds: number,
) {
  const train =
    (processes: readonly JsonProcess[], bucketBytes: number) => () =>
      askAll(processes, { kind: "train", steps: TURN, bucketBytes });
  const { parameters } = await train(alone.slice(0, 1), ONE_MESSAGE)();
  const turns = {
    one: train(alone.slice(0, 1), ONE_MESSAGE),
    sideBySide: train(alone, ONE_MESSAGE),
    workers: train(cluster, ONE_MESSAGE),
    // Four bytes per parameter: about four messages.
    workersFourMessages: train(cluster, parameters),
  };
  const field = new Map(Object.entries(turns));
  const { results } = await collectTurns(field, { seconds, leastRounds: 1 });
  const medians = (of: "ms" | "cpuMs") =>
    Object.fromEntries(
      Array.from(results, ([name, answers]) => [
        name,
        median(answers.flatMap((answer) => answer[of].slice(1))),
      ]),
    ) as Record<keyof typeof turns, number>;
  return { parameters, stepMs: medians("ms"), cpuMs: medians("cpuMs") };
}

async function timeSums(
  cluster: readonly JsonProcess[],
): Promise<{ bytes: number; ms: number }[]> {
  const sums: { bytes: number; ms: number }[] = [];
  for (const floats of FLOATS) {
    const times = floats < 2 ** 20 ? 50 : 8;
    const { ms } = await askAll(cluster, { kind: "reduce", floats, times });
    sums.push({ bytes: 4 * floats, ms: median(ms.slice(1)) });
  }
  return sums;
}

/** Asks all processes at once; the times are those of the slower one. */
async function askAll(
  processes: readonly JsonProcess[],
  request: Request,
): Promise<Answer> {
  const answers = await Promise.all(
    processes.map(async (process) =>
      checkAlive(await process.ask(request)) as Answer
    ),
  );
  const slowest = (of: "ms" | "cpuMs") =>
    answers[0]!.ms.map((_, i) =>
      Math.max(...answers.map((answer) => answer[of][i]!))
    );
  return {
    parameters: answers[0]!.parameters,
    ms: slowest("ms"),
    cpuMs: slowest("cpuMs"),
  };
}

function summary({ measured, expected }: Result): string {
  const { imagesPerSecond: rates } = measured;
  const percent = (value: number) => `${(100 * value).toFixed(0)} %`;
  return [
    `1 process            ${rates.one.toFixed(1)} images/s`,
    `2 separate processes ${rates.twoSideBySide.toFixed(1)} images/s`,
    `2 workers            ${rates.twoWorkers.toFixed(1)} images/s, ` +
    `${percent(measured.efficiency)} of twice one, ` +
    `${percent(measured.efficiencyBesideTwoAlone)} of two separate ones`,
    ...expected.networks.map(({ gigabits, growth }) => {
      const { workers, efficiency } = growth.at(-1)!;
      return `${workers} machines, ${gigabits} Gbit/s: ` +
        `${percent(efficiency)} expected (computed)`;
    }),
  ].join("\n");
}

if (import.meta.main) await runTask(main);
