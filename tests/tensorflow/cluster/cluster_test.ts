import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { freeAddresses } from "@/tasks/bench/free_addresses.ts";
import {
  ClusterError,
  currentCluster,
  joinCluster,
  readMembership,
  tf,
} from "@/tensorflow/mod.ts";
import { packBuckets } from "@/tensorflow/cluster/all_reduce.ts";
import { serverDef } from "@/tensorflow/cluster/join_cluster.ts";
import { readFields } from "@/tensorflow/ffi/protobuf.ts";
import type { ClusterOutcome } from "./_cluster_run.ts";
import { startProcess } from "../_worker_process.ts";

const script = new URL("./_cluster_run.ts", import.meta.url);

Deno.test("options that name no cluster are told in a sentence", () => {
  const cases: [string | undefined, number | undefined, string][] = [
    [undefined, 1, "Option --rank 1 needs --workers, the list of all workers."],
    [
      "a:1,b:2",
      undefined,
      "Option --workers needs --rank, which of the 2 workers this is: 0 to 1.",
    ],
    ["a:1,b:2", 2, "The rank is 2, but with 2 workers it is 0 to 1."],
    ["a:1", 1, "The rank is 1, but with one worker it can only be 0."],
    [
      "a:1,a:1",
      0,
      'Worker "a:1" is listed twice: each needs an address of its own.',
    ],
  ];
  for (const [workers, rank, message] of cases) {
    assertThrows(() => readMembership(workers, rank), ClusterError, message);
  }
  for (const wrong of ["b", "b:", "b:0", "b:65536", ":1", "", "b:x", "b c:1"]) {
    assertThrows(
      () => readMembership(`a:1,${wrong}`, 0),
      ClusterError,
      `Worker 1 is "${wrong}", but needs a host and a port from 1 to 65535`,
    );
  }
  assertEquals(readMembership(undefined, undefined), undefined);
  assertEquals(readMembership("[::1]:22, h-1.x:65535", 0)?.workers, [
    "[::1]:22",
    "h-1.x:65535",
  ]);
});

Deno.test("a server's definition names workers, task, leader and protocol", () => {
  const decoder = new TextDecoder();
  const bytes = serverDef({ workers: ["a:1", "b:2"], rank: 1 }, 3);
  const fields = new Map(
    Array.from(readFields(bytes), ({ number, value }) => [number, value]),
  );
  const inside = (value: number | Uint8Array<ArrayBuffer> | undefined) =>
    Array.from(readFields(value as Uint8Array<ArrayBuffer>));
  assertEquals(decoder.decode(fields.get(2) as Uint8Array), "worker");
  assertEquals(fields.get(3), 1);
  assertEquals(decoder.decode(fields.get(5) as Uint8Array), "grpc");
  const job = inside(inside(fields.get(1))[0]!.value);
  assertEquals(
    job.slice(1).map(({ value }) => {
      const [rank, address] = inside(value);
      return [rank!.value, decoder.decode(address!.value as Uint8Array)];
    }),
    [[0, "a:1"], [1, "b:2"]],
  );
  const config = inside(fields.get(4));
  assertEquals(config.find(({ number }) => number === 2)?.value, 3);
  const [leader] = inside(config.find(({ number }) => number === 16)?.value);
  assertEquals(
    decoder.decode(leader!.value as Uint8Array),
    "/job:worker/replica:0/task:0",
  );
});

Deno.test("buckets hold neighbours, all of them, once", () => {
  assertEquals(packBuckets([], 8), []);
  assertEquals(packBuckets([8, 1], 8), [[0], [1]]);
  assertEquals(packBuckets([1, 2, 3, 4, 20, 1], 6), [
    [0, 1, 2],
    [3],
    [4],
    [5],
  ]);
  assertEquals(packBuckets([0, 0, 5], 0), [[0, 1], [2]]);
});

Deno.test("two workers add up tensors, eager and compiled, in messages of any size", async () => {
  const workers = freeAddresses(2);
  await using first = startProcess(script, { workers, rank: 0 });
  await using second = startProcess(script, { workers, rank: 1 });
  const ends = await Promise.all([first.ended, second.ended]);
  const outcomes = ends.map(({ code, output, errors }): ClusterOutcome => {
    assertEquals(code, 0, errors);
    return JSON.parse(output);
  });
  outcomes.forEach((outcome, rank) => {
    assertEquals(
      outcome.device,
      `/job:worker/replica:0/task:${rank}/device:CPU:0`,
    );
    assertEquals(outcome.eager, [[3, 6, 9, 12], [10], [1]]);
    assertEquals(outcome.compiled, outcome.eager); // twice the mean
    assertEquals(outcome.oneByOne, outcome.eager);
    assert(outcome.operations[0] !== outcome.operations[1]);
    assertEquals(outcome.sums, [2, 1, 0.5]);
    assertEquals(outcome.gathered, [[0, 7], [1, 7]]);
    assertEquals(outcome.handles[0], outcome.handles[1]);
    assertMatch(
      outcome.failure,
      /^TensorFlowError: Reshape: .*INVALID_ARGUMENT/,
    );
    assertEquals(
      outcome.gradient,
      "Error: allReduceMean or allReduceSum has no gradient.",
    );
  });
});

Deno.test("a worker that does not come is named", async () => {
  const workers = freeAddresses(3);
  const settings = { workers, rank: 1, joinSeconds: 1 };
  await using process = startProcess(script, settings);
  const { code, errors } = await process.ended;
  assertEquals(code, 1);
  assertEquals(
    errors,
    `error: Worker 0 at ${workers[0]}, Worker 2 at ${
      workers[2]
    } did not come within 1 s.`,
  );
});

Deno.test("a port in use is named", async () => {
  using listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const workers = [`127.0.0.1:${port}`, ...freeAddresses(1)];
  await using process = startProcess(script, { workers, rank: 0 });
  const { code, errors } = await process.ended;
  assertEquals(code, 1);
  assertEquals(
    errors,
    `error: Port ${port} of this machine is in use, by another program or by ` +
      `another worker with --rank 0.`,
  );
});

Deno.test("workers with different lists say so", async () => {
  const workers = freeAddresses(3);
  // All three come, but worker 0 knows of two only. Who starts last may find
  // the others gone.
  const start = (rank: number, list: readonly string[]) =>
    startProcess(script, { workers: list, rank, joinSeconds: 12 });
  await using first = start(0, workers.slice(0, 2));
  await using second = start(1, workers);
  await using third = start(2, workers);
  const ends = await Promise.all([first.ended, second.ended, third.ended]);
  for (const { code } of ends) assertEquals(code, 1);
  assert(
    ends.some(({ errors }) =>
      /^error: The workers were started with lists of different lengths: this one has \d \(.*\)\.$/
        .test(errors)
    ),
    ends.map(({ errors }) => errors).join("\n"),
  );
  // As many, but written in another way:
  const pair = freeAddresses(2);
  await using fourth = startProcess(script, { workers: pair, rank: 0 });
  await using fifth = startProcess(script, {
    workers: [pair[0]!.replace("127.0.0.1", "localhost"), pair[1]],
    rank: 1,
  });
  const [one, other] = await Promise.all([fourth.ended, fifth.ended]);
  assertEquals([one.code, other.code], [1, 1]);
  assertEquals(
    one.errors,
    `error: Worker 1 at ${pair[1]} was started with another list than ` +
      `this one's, ${pair}.`,
  );
});

Deno.test("a list of one worker makes no cluster, and tensors come after joining", async () => {
  await joinCluster({ workers: ["127.0.0.1:1"], rank: 0 });
  assertEquals(currentCluster(), undefined);
  const tensor = tf.tensor([1]).square();
  await assertRejects(
    () => joinCluster({ workers: freeAddresses(2), rank: 0 }),
    ClusterError,
    "A cluster must be joined before the first tensor is made, but there are ",
  );
  tensor.dispose();
  assertEquals(currentCluster(), undefined);
});
