/**
 * `deno task bench:workers`: how training grows from one process to two on
 * this machine, what the messages between them take, and from that what is to
 * be expected of more machines.
 *
 * Four processes take turns, each with one thread: one that trains alone, two
 * side by side that know nothing of each other, and two workers of a cluster.
 * The two alone show what the machine itself loses with both cores at work.
 *
 * @module
 */
import { join } from "node:path";
import { describeMachine, describeVersions } from "@/experiment/environment.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { parseOptions, runTask } from "@/tasks/cli/mod.ts";
import { BenchProcess } from "./bench_process.ts";
import { bytesSent, expectedGrowth } from "./expected.ts";
import { freeAddresses } from "./free_addresses.ts";
import type { Answer, Request } from "./worker.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/** The write-up's medium images, and its batch for each worker. */
const NETWORK = { size: 172, batch: 16 } as const;
/** Steps of a turn; the first is not counted, as one waits for the other. */
const TURN = 4;
/** All gradients in one message. */
const ONE_MESSAGE = 2 ** 24;
/** Floats that are added up: 4 KiB to 64 MiB. */
const FLOATS = [2 ** 10, 2 ** 14, 2 ** 18, 2 ** 20, 2 ** 22, 2 ** 24];
/** Machines of the expected curve. */
const WORKERS = [1, 2, 4, 8, 16, 32, 64];
/** Networks: bits a second, and milliseconds of a message on the way. */
const NETWORKS = [
  { gigabits: 1, latencyMs: 0.1 },
  { gigabits: 10, latencyMs: 0.05 },
] as const;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense, or a process ends early.
 */
export async function main(args: string[]): Promise<void> {
  const { options } = parseOptions({
    usage: "deno task bench:workers [--seconds N]",
    description:
      "Times training with one and with two workers on this machine, and " +
      "writes results/bench/workers.json.",
    options: {
      seconds: {
        type: "number",
        help: "how long to train; the rest takes half a minute",
        default: 75,
        min: 1,
      },
      out: { type: "string", help: "file instead of workers.json" },
    },
  }, args);
  const workers = freeAddresses(2);
  const alone = [0, 1].map((rank) =>
    new BenchProcess({ ...NETWORK, workers: [], rank })
  );
  const cluster = [0, 1].map((rank) =>
    new BenchProcess({ ...NETWORK, workers, rank })
  );
  const all = [...alone, ...cluster];
  try {
    await Promise.all(all.map((process) => process.ready()));
    const result = await measure(alone, cluster, options.seconds);
    const path = options.out ??
      join(workspaceAt().root, "results", "bench", "workers.json");
    await atomicWrite(path, `${JSON.stringify(result, null, 2)}\n`);
    console.log(summary(result));
  } finally {
    await Promise.all(all.map((process) => process.stop()));
  }
}

async function measure(
  alone: readonly BenchProcess[],
  cluster: readonly BenchProcess[],
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
    machine: describeMachine(),
    versions: describeVersions(),
    network: { ...NETWORK, parameters, gradientBytes, threads: 1 },
    measured: {
      stepMs,
      // Of each process; on a machine with other work it tells more.
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
  alone: readonly BenchProcess[],
  cluster: readonly BenchProcess[],
  seconds: number,
) {
  const train = (bucketBytes: number): Request => ({
    kind: "train",
    steps: TURN,
    bucketBytes,
  });
  const { parameters } = await alone[0]!.ask(train(ONE_MESSAGE));
  // Four bytes a parameter: about four messages.
  const [packed, several] = [train(ONE_MESSAGE), train(parameters)];
  const turns = {
    one: () => askAll(alone.slice(0, 1), packed),
    sideBySide: () => askAll(alone, packed),
    workers: () => askAll(cluster, packed),
    workersFourMessages: () => askAll(cluster, several),
  };
  const names = Object.keys(turns) as (keyof typeof turns)[];
  const seen = Object.fromEntries(
    names.map((name) => [name, { ms: [] as number[], cpuMs: [] as number[] }]),
  );
  for (const name of names) await turns[name](); // traces and warms up
  const end = performance.now() + seconds * 1000;
  const order = names.slice();
  do {
    for (const name of order) {
      const { ms, cpuMs } = await turns[name]();
      seen[name]!.ms.push(...ms.slice(1));
      seen[name]!.cpuMs.push(...cpuMs.slice(1));
    }
    order.reverse(); // so that none is always after the same one
  } while (performance.now() < end);
  const medians = (of: "ms" | "cpuMs") =>
    Object.fromEntries(
      names.map((name) => [name, median(seen[name]![of])]),
    ) as Record<keyof typeof turns, number>;
  return { parameters, stepMs: medians("ms"), cpuMs: medians("cpuMs") };
}

async function timeSums(
  cluster: readonly BenchProcess[],
): Promise<{ bytes: number; ms: number }[]> {
  const sums: { bytes: number; ms: number }[] = [];
  for (const floats of FLOATS) {
    const times = floats < 2 ** 20 ? 50 : 8;
    const { ms } = await askAll(cluster, { kind: "reduce", floats, times });
    sums.push({ bytes: 4 * floats, ms: median(ms.slice(1)) });
  }
  return sums;
}

/** Asks all at once; the slower one's times are those of both. */
async function askAll(
  processes: readonly BenchProcess[],
  request: Request,
): Promise<Answer> {
  const answers = await Promise.all(
    processes.map((process) => process.ask(request)),
  );
  const slowest = (of: (answer: Answer) => readonly number[]) =>
    of(answers[0]!).map((_, i) =>
      Math.max(...answers.map((answer) => of(answer)[i]!))
    );
  return {
    parameters: answers[0]!.parameters,
    ms: slowest(({ ms }) => ms),
    cpuMs: slowest(({ cpuMs }) => cpuMs),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2;
}

function summary({ measured, expected }: Result): string {
  const { imagesPerSecond: rates } = measured;
  const percent = (value: number) => `${(100 * value).toFixed(0)} %`;
  return [
    `1 process            ${rates.one.toFixed(1)} images/s`,
    `2 that work alone    ${rates.twoSideBySide.toFixed(1)} images/s`,
    `2 workers            ${rates.twoWorkers.toFixed(1)} images/s, ` +
    `${percent(measured.efficiency)} of twice one, ` +
    `${percent(measured.efficiencyBesideTwoAlone)} of two alone`,
    ...expected.networks.map(({ gigabits, growth }) => {
      const { workers, efficiency } = growth.at(-1)!;
      return `${workers} machines, ${gigabits} Gbit/s: ` +
        `${percent(efficiency)} expected (computed)`;
    }),
  ].join("\n");
}

if (import.meta.main) await runTask(main);
