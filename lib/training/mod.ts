/**
 * The trainer, the loop inside of it, and what a run keeps: its history and its
 * checkpoints.
 *
 * @module
 */
export * from "./adam.ts";
export {
  isWriter,
  shareText,
  type WorkerShare,
  workerShare,
} from "./agreement.ts";
export * from "./checkpoint.ts";
export { History, HISTORY_FILE, readHistory } from "./history.ts";
export * from "./images.ts";
export type * from "./records.ts";
export * from "./run.ts";
export * from "./run_state.ts";
export * from "./schedule.ts";
export * from "./train.ts";
export * from "./train_on_batches.ts";
export * from "./train_on_pairs.ts";
export * from "./validate.ts";
export * from "./weight_averages.ts";
