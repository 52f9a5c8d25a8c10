import type { EpochLoss, LossRun, StepLoss } from "@/charts/mod.ts";

/** A made-up run: losses that fall as 1 / sqrt(step), four epochs. */
export function sampleRun(name: string, steps: number, factor = 1): LossRun {
  const history: (StepLoss | EpochLoss)[] = [];
  for (let step = 1; step <= steps; step++) {
    const loss = factor * (0.5 / Math.sqrt(step) + 0.01 * (step % 3));
    history.push({ kind: "step", step, loss });
    if (step % (steps / 4) === 0) {
      const epoch = step / (steps / 4);
      history.push({ kind: "epoch", epoch, step, validLoss: loss * 1.2 });
    }
  }
  return { name, history };
}
