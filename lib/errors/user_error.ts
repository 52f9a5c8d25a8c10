/**
 * The error of a task whose cause the user can mend.
 *
 * @module
 */

/**
 * An error whose message is one sentence for the user: what is wrong, with the
 * offending value, and what to do. A task that throws it exits with status 1.
 */
export class UserError extends Error {
  /** The class, for stack traces. */
  override readonly name = "UserError";
}
