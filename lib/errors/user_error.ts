/**
 * The error whose cause the user can fix.
 *
 * @module
 */

/**
 * An error whose message is for the user: what is wrong, with the offending
 * value, and what to do about it. A task that throws it exits with status 1.
 */
export class UserError extends Error {
  /** Always `"UserError"`; used in stack traces. */
  override readonly name = "UserError";
}
