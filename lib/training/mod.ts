/**
 * The training loop and what it keeps: history, checkpoints, progress.
 *
 * @module
 */
export { Adam, type AdamSettings } from "./adam.ts";
export {
  isWriter,
  shareText,
  type WorkerShare,
  workerShare,
} from "./agreement.ts";
export { atomicWrite } from "@/files/atomic_write.ts";
export {
  type Checkpoint,
  findCheckpoint,
  removeCheckpoints,
  restoreState,
  saveCheckpoint,
  type TrainingState,
} from "./checkpoint.ts";
export {
  type EpochRecord,
  History,
  HISTORY_FILE,
  type HistoryRecord,
  type LossParts,
  readHistory,
  type StepRecord,
} from "./history.ts";
export type { OnProgress, Progress } from "./progress.ts";
export { removeLeftovers } from "./remove_leftovers.ts";
export { learningRate, type ScheduleSettings } from "./schedule.ts";
export { Speedometer } from "./speedometer.ts";
export {
  train,
  type TrainingControls,
  TrainingDiverged,
  type TrainingPlan,
  TrainingStopped,
} from "./train.ts";
