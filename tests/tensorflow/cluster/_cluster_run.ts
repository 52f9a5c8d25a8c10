/**
 * A worker that adds up tensors with another; prints what it gets as JSON.
 */
import { runTask } from "@/tasks/cli/mod.ts";
import {
  allReduceMean,
  allReduceSum,
  type ClusterOptions,
  compile,
  currentCluster,
  explainLoss,
  gatherFromWorkers,
  handleCount,
  joinCluster,
  leaveCluster,
  listDevices,
  sumOverWorkers,
  tf,
} from "@/tensorflow/mod.ts";

/** What each worker prints, in the order of its work. */
export interface ClusterOutcome {
  readonly device: string;
  readonly eager: number[][];
  readonly compiled: number[][];
  readonly oneByOne: number[][];
  readonly operations: readonly [number, number];
  readonly sums: number[];
  readonly gathered: number[][];
  readonly handles: readonly [number, number];
  readonly failure: string;
  readonly gradient: string;
}

const values = (tensors: readonly tf.Tensor[]) =>
  tensors.map((tensor) => Array.from(tensor.dataSync()));

async function main(args: string[]): Promise<void> {
  const settings: ClusterOptions = JSON.parse(args[0]!);
  await joinCluster(settings);
  await joinCluster(settings); // once more does nothing
  const { rank } = currentCluster()!;
  const inputs = [
    tf.tensor2d([[1, 2], [3, 4]]).mul(rank + 1),
    tf.tensor1d([10 * rank]),
    tf.scalar(rank),
  ];
  const eager = values(allReduceSum(inputs));
  const step = (bucketBytes: number) =>
    compile((tensors: tf.Tensor[]) =>
      allReduceMean(tensors.map((tensor) => tensor.mul(2)), { bucketBytes })
    );
  const [packed, single] = [step(1000), step(1)];
  const compiled = values(packed(inputs));
  const oneByOne = values(single(inputs));
  const repeat = () => tf.tidy(() => void values(packed(inputs)));
  repeat();
  const before = handleCount();
  for (let i = 0; i < 50; i++) {
    repeat();
    await sumOverWorkers([i]);
  }
  const outcome = {
    device: listDevices()[0]!.name,
    eager,
    compiled,
    oneByOne,
    operations: [packed.operations, single.operations],
    sums: await sumOverWorkers([1, rank, 0.25]),
    gathered: await gatherFromWorkers([rank, 7]),
    handles: [before, handleCount()],
    failure: await failure(),
    gradient: gradient(),
  };
  console.log(JSON.stringify(outcome));
  await leaveCluster();
}

/** A mistake of the program is not taken for a lost worker. */
async function failure(): Promise<string> {
  try {
    tf.reshape(tf.tensor1d([1, 2]), [3]);
  } catch (error) {
    return String(await explainLoss(error));
  }
  return "none";
}

/** What a gradient through a sum over workers says. */
function gradient(): string {
  const sum = (x: tf.Tensor) => x.add(allReduceSum([x])[0]!);
  try {
    return String(tf.grad(sum)(tf.tensor1d([1])));
  } catch (error) {
    return String(error);
  }
}

if (import.meta.main) await runTask(main);
