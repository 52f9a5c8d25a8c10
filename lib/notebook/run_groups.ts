/**
 * Records of several training runs, told apart by name.
 *
 * @module
 */
import type { EpochLoss, LossRun, StepLoss } from "@/charts/mod.ts";

/** A loss record with the name of its run, where a section has several. */
export type NamedLoss = (StepLoss | EpochLoss) & { readonly run?: string };

/**
 * Groups records by run.
 *
 * @param records In the order of the steps.
 * @param name Of records without a run.
 * @returns Runs in the order in which they began; one without records when
 * there are none.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { groupRuns } from "./mod.ts";
 *
 * const record = { kind: "step", step: 1, loss: 0.5 } as const;
 * const runs = groupRuns([{ ...record, run: "a" }, record], "b");
 * assertEquals(runs.map((run) => run.name), ["a", "b"]);
 * ```
 */
export function groupRuns(
  records: readonly NamedLoss[],
  name: string,
): LossRun[] {
  if (records.length === 0) return [{ name, history: [] }];
  const groups = Map.groupBy(records, (record) => record.run ?? name);
  return [...groups].map(([name, history]) => ({ name, history }));
}
