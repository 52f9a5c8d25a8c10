/**
 * What every task imports: options, progress, errors and exit statuses.
 *
 * @module
 */
export { Interrupted, interruptSignal } from "./interrupt_signal.ts";
export { nearestWord } from "./nearest_word.ts";
export { parseOptions } from "./parse_options.ts";
export {
  type OnProgress,
  type ProgressReporter,
  progressReporter,
} from "./progress_bar.ts";
export { runTask } from "./run_task.ts";
export { UserError } from "@/errors/user_error.ts";
