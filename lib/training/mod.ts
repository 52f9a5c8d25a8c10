/**
 * The trainer, the loop inside of it, and what a run keeps: history,
 * checkpoints, progress.
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
export {
  type Checkpoint,
  findCheckpoint,
  removeCheckpoints,
  restoreState,
  saveCheckpoint,
  type TrainingState,
} from "./checkpoint.ts";
export { History, HISTORY_FILE, readHistory } from "./history.ts";
export {
  imageTensor,
  originals,
  reconstruct,
  tensors,
  toPixels,
  toTensor,
} from "./images.ts";
export type {
  EpochRecord,
  HistoryRecord,
  LossParts,
  RunRecord,
  StepRecord,
  Validation,
} from "./records.ts";
export { placeRun, type Run } from "./run.ts";
export { learningRate, type ScheduleSettings } from "./schedule.ts";
export { Speedometer } from "./speedometer.ts";
export {
  train,
  type TrainingControls,
  TrainingDiverged,
  type TrainingPlan,
  TrainingStopped,
} from "./train.ts";
export {
  type PairBatch,
  type PairsPlan,
  pairTensors,
  readScalars,
  type RunControls,
  type RunLength,
  type StepLosses,
  stepsPerPass,
  trainOnPairs,
} from "./train_on_pairs.ts";
export {
  measureFromHigh,
  measurePhotos,
  measureReconstructions,
} from "./validate.ts";
