/**
 * The exit statuses of tasks that a signal ended.
 *
 * @module
 */

/** The signals, each with 128 and its number, as shells have it. */
export const SIGNAL_STATUS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const;
