/**
 * Assertions under the names, signatures and meanings of `@std/assert`, so
 * that tests and documentation examples read as in any Deno project. The
 * import map of `deno.json` points `@std/assert` here: comparing and diffing
 * is done by `node:assert`, and nothing has to be fetched.
 *
 * Two deliberate limits against the original: objects with a null prototype
 * differ from plain ones (as in `node:util` `isDeepStrictEqual`), and only the
 * assertions that this project uses are here.
 *
 * @see {@link https://jsr.io/@std/assert}
 * @module
 */
import nodeAssert, { AssertionError } from "node:assert";
import { inspect, isDeepStrictEqual } from "node:util";

export { AssertionError };

/** A constructor of `T`, abstract or not, whatever its arguments. */
export type Constructor<T> = abstract new (...args: never[]) => T;

function suffix(message: string | undefined): string {
  return message === undefined ? "." : `: ${message}`;
}

function failure(text: string, actual?: unknown, expected?: unknown): never {
  throw new AssertionError({ message: text, actual, expected });
}

/** Fails with a text, which ends in the test's own message, unless it holds. */
function check(
  holds: boolean,
  text: () => string,
  message: string | undefined,
  actual: unknown,
  expected?: unknown,
): asserts holds {
  if (!holds) failure(text() + suffix(message), actual, expected);
}

/**
 * Asserts that `expr` is truthy.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert("hello".includes("ello"));
 * ```
 *
 * @throws {AssertionError} If `expr` is falsy.
 */
export function assert(expr: unknown, message = ""): asserts expr {
  if (!expr) failure(message);
}

/**
 * Asserts that `expr` is falsy.
 *
 * @throws {AssertionError} If `expr` is truthy.
 */
export function assertFalse(expr: unknown, message = ""): void {
  if (expr) failure(message);
}

/**
 * Asserts that two values are deeply equal; numbers compare by `Object.is`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals({ shape: [1, 43, 43] }, { shape: [1, 43, 43] });
 * ```
 *
 * @throws {AssertionError} With a diff, if they differ.
 */
export function assertEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  if (isDeepStrictEqual(actual, expected)) return;
  let diff = "";
  try {
    nodeAssert.deepStrictEqual(actual, expected);
  } catch (error) {
    if (error instanceof Error) diff = error.message;
  }
  failure(`Values are not equal${suffix(message)}\n${diff}`, actual, expected);
}

/**
 * Asserts that two values are not deeply equal.
 *
 * @throws {AssertionError} If they are.
 */
export function assertNotEquals<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  const text = () =>
    `Expected actual: ${inspect(actual)} not to be: ${inspect(expected)}`;
  check(!isDeepStrictEqual(actual, expected), text, message, actual, expected);
}

/**
 * Asserts that two values are the same by `Object.is`.
 *
 * @throws {AssertionError} If they are not.
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  message?: string,
): asserts actual is T {
  const text = () =>
    `Values are not strictly equal: ${inspect(actual)} and ${
      inspect(expected)
    }`;
  check(Object.is(actual, expected), text, message, actual, expected);
}

/**
 * Asserts that two numbers differ by at most `tolerance`, whose default is a
 * ten-millionth of `expected`.
 *
 * @example Usage
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(0.1 + 0.2, 0.3);
 * assertAlmostEquals(31.4, 31, 0.5);
 * ```
 *
 * @throws {AssertionError} If they are further apart.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  const limit = tolerance ??
    (Number.isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7);
  if (delta <= limit) return;
  failure(
    `Expected actual: "${actual}" to be close to "${expected}": delta ` +
      `"${delta}" is greater than "${limit}"${suffix(message)}`,
    actual,
    expected,
  );
}

function checkError<E extends Error>(
  error: unknown,
  errorClass: Constructor<E> | undefined,
  messageIncludes: string,
  message: string | undefined,
): unknown {
  if (errorClass === undefined) return error;
  check(
    error instanceof Error,
    () => `A non-Error object was thrown: ${inspect(error)}`,
    message,
    error,
  );
  check(
    error instanceof errorClass,
    () =>
      `Expected error to be instance of "${errorClass.name}", but was ` +
      `"${error.constructor.name}" (${error.message})`,
    message,
    error,
  );
  check(
    error.message.includes(messageIncludes),
    () =>
      `Expected error message to include ${inspect(messageIncludes)}, but ` +
      `got ${inspect(error.message)}`,
    message,
    error.message,
    messageIncludes,
  );
  return error;
}

/**
 * Asserts that `fn` throws, and returns what it threw.
 *
 * @throws {AssertionError} If `fn` returns.
 */
export function assertThrows(fn: () => unknown): unknown;
/**
 * Asserts that `fn` throws an `ErrorClass` whose message holds
 * `messageIncludes`, and returns that error.
 *
 * @example Usage
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(() => new Array(-1), RangeError, "Invalid array length");
 * ```
 *
 * @throws {AssertionError} If `fn` returns, or throws something else.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: Constructor<E>,
  messageIncludes?: string,
  message?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  ErrorClass?: Constructor<Error>,
  messageIncludes = "",
  message?: string,
): unknown {
  try {
    fn();
  } catch (error) {
    return checkError(error, ErrorClass, messageIncludes, message);
  }
  failure(`Expected function to throw${suffix(message)}`);
}

/**
 * Asserts that the promise of `fn` is rejected, and resolves to the reason.
 *
 * @throws {AssertionError} If it is fulfilled, or `fn` throws synchronously.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
): Promise<unknown>;
/**
 * Asserts that the promise of `fn` is rejected with an `ErrorClass` whose
 * message holds `messageIncludes`, and resolves to that error.
 *
 * @example Usage
 * ```ts
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => Deno.readTextFile("there/is/no/such.file"),
 *   Deno.errors.NotFound,
 * );
 * ```
 *
 * @throws {AssertionError} If it is fulfilled, rejected with something else,
 * or `fn` throws synchronously.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: Constructor<E>,
  messageIncludes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  ErrorClass?: Constructor<Error>,
  messageIncludes = "",
  message?: string,
): Promise<unknown> {
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
    await promise;
  } catch (error) {
    if (promise === undefined) {
      failure(
        `Function throws when expected to reject${suffix(message)}`,
        error,
      );
    }
    return checkError(error, ErrorClass, messageIncludes, message);
  }
  failure(`Expected function to reject${suffix(message)}`);
}

/**
 * Asserts that `actual` matches the regular expression `expected`.
 *
 * @throws {AssertionError} If it does not.
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  message?: string,
): void {
  const text = () => `Expected actual: "${actual}" to match: "${expected}"`;
  check(actual.match(expected) !== null, text, message, actual, expected);
}

/**
 * Asserts that `actual` contains `expected`.
 *
 * @throws {AssertionError} If it does not.
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  message?: string,
): void {
  const text = () => `Expected actual: "${actual}" to contain: "${expected}"`;
  check(actual.includes(expected), text, message, actual, expected);
}

/**
 * Asserts that `actual` is an instance of `expectedType`.
 *
 * @throws {AssertionError} If it is not.
 */
export function assertInstanceOf<T>(
  actual: unknown,
  expectedType: Constructor<T>,
  message?: string,
): asserts actual is T {
  const text = () =>
    `Expected object to be an instance of "${expectedType.name}", but was ${
      inspect(actual)
    }`;
  check(actual instanceof expectedType, text, message, actual, expectedType);
}

function compare<T>(
  holds: boolean,
  actual: T,
  relation: string,
  expected: T,
  message: string | undefined,
): void {
  const text = `Expect ${inspect(actual)} ${relation} ${inspect(expected)}`;
  if (!holds) failure(message ?? text, actual, expected);
}

/**
 * Asserts `actual > expected`.
 *
 * @throws {AssertionError} If it is not, or either is `NaN`.
 */
export function assertGreater<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  compare(actual > expected, actual, ">", expected, message);
}

/**
 * Asserts `actual < expected`.
 *
 * @throws {AssertionError} If it is not, or either is `NaN`.
 */
export function assertLess<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  compare(actual < expected, actual, "<", expected, message);
}

/**
 * Asserts `actual <= expected`.
 *
 * @throws {AssertionError} If it is not, or either is `NaN`.
 */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  compare(actual <= expected, actual, "<=", expected, message);
}

/**
 * Fails at once.
 *
 * @throws {AssertionError} Always.
 */
export function fail(message?: string): never {
  failure(`Failed assertion${suffix(message)}`);
}
