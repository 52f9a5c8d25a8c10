/**
 * What most tasks import: options, progress, errors and exit statuses.
 *
 * @module
 */
export {
  Interrupted,
  interruptSignal,
  patientSignal,
} from "./interrupt_signal.ts";
export { chooseWords } from "@/errors/nearest_word.ts";
export { parseOptions } from "./parse_options.ts";
export {
  type OnProgress,
  type ProgressReporter,
  progressReporter,
} from "./progress_bar.ts";
export {
  OUT_OPTION,
  resultsFolder,
  SEED_OPTION,
  TENSORBOARD_OPTION,
  tensorBoardLine,
} from "./results_options.ts";
export { runTask } from "./run_task.ts";
export { temporaryFolder } from "./temporary_folder.ts";
export { shownPath } from "./user_folder.ts";
export { UserError } from "@/errors/user_error.ts";
