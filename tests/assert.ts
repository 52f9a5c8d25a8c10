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
  failure(
    `Values are not equal${suffix(message)}\n${diff}`,
    actual,
    expected,
  );
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
  if (!isDeepStrictEqual(actual, expected)) return;
  failure(
    `Expected actual: ${inspect(actual)} not to be: ${inspect(expected)}` +
      suffix(message),
    actual,
    expected,
  );
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
  if (Object.is(actual, expected)) return;
  failure(
    `Values are not strictly equal${suffix(message)}\n` +
      `    actual: ${inspect(actual)}\n  expected: ${inspect(expected)}`,
    actual,
    expected,
  );
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
  verb: string,
  errorClass: Constructor<E> | undefined,
  messageIncludes: string | undefined,
  message: string | undefined,
): unknown {
  if (errorClass === undefined) return error;
  if (!(error instanceof Error)) {
    failure(`A non-Error object was ${verb}${suffix(message)}`, error);
  }
  if (!(error instanceof errorClass)) {
    failure(
      `Expected error to be instance of "${errorClass.name}", but was ` +
        `"${error.constructor.name}" (${error.message})${suffix(message)}`,
      error,
    );
  }
  if (
    messageIncludes !== undefined && !error.message.includes(messageIncludes)
  ) {
    failure(
      `Expected error message to include ${inspect(messageIncludes)}, but ` +
        `got ${inspect(error.message)}${suffix(message)}`,
      error.message,
      messageIncludes,
    );
  }
  return error;
}

/**
 * Asserts that `fn` throws, and returns what it threw.
 *
 * @throws {AssertionError} If `fn` returns.
 */
export function assertThrows(fn: () => unknown, message?: string): unknown;
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
  classOrMessage?: Constructor<Error> | string,
  messageIncludes?: string,
  message?: string,
): unknown {
  const byClass = typeof classOrMessage !== "string";
  const note = byClass ? message : classOrMessage;
  try {
    fn();
  } catch (error) {
    return checkError(
      error,
      "thrown",
      byClass ? classOrMessage : undefined,
      messageIncludes,
      note,
    );
  }
  failure(`Expected function to throw${suffix(note)}`);
}

/**
 * Asserts that the promise of `fn` is rejected, and resolves to the reason.
 *
 * @throws {AssertionError} If it is fulfilled, or `fn` throws synchronously.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  message?: string,
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
  classOrMessage?: Constructor<Error> | string,
  messageIncludes?: string,
  message?: string,
): Promise<unknown> {
  const byClass = typeof classOrMessage !== "string";
  const note = byClass ? message : classOrMessage;
  let promise: PromiseLike<unknown> | undefined;
  try {
    promise = fn();
    await promise;
  } catch (error) {
    if (promise === undefined) {
      failure(`Function throws when expected to reject${suffix(note)}`, error);
    }
    return checkError(
      error,
      "rejected",
      byClass ? classOrMessage : undefined,
      messageIncludes,
      note,
    );
  }
  failure(`Expected function to reject${suffix(note)}`);
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
  if (actual.match(expected) !== null) return;
  failure(
    `Expected actual: "${actual}" to match: "${expected}"${suffix(message)}`,
    actual,
    expected,
  );
}

/**
 * Asserts that `actual` does not match the regular expression `expected`.
 *
 * @throws {AssertionError} If it does.
 */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  message?: string,
): void {
  if (actual.match(expected) === null) return;
  failure(
    `Expected actual: "${actual}" to not match: "${expected}"` +
      suffix(message),
    actual,
    expected,
  );
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
  if (actual.includes(expected)) return;
  failure(
    `Expected actual: "${actual}" to contain: "${expected}"` +
      suffix(message),
    actual,
    expected,
  );
}

/**
 * Asserts that every item of `expected` is deeply equal to one of `actual`.
 *
 * @throws {AssertionError} That names the missing items.
 */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  message?: string,
): void {
  const items = Array.from(actual);
  const missing = Array.from(expected).filter((wanted) =>
    !items.some((item) => isDeepStrictEqual(item, wanted))
  );
  if (missing.length === 0) return;
  failure(
    `Expected actual: ${inspect(actual)} to include: ${inspect(expected)}, ` +
      `missing: ${inspect(missing)}${suffix(message)}`,
    actual,
    expected,
  );
}

/**
 * Asserts that `actual` is neither `null` nor `undefined`.
 *
 * @throws {AssertionError} If it is.
 */
export function assertExists<T>(
  actual: T,
  message?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  failure(
    `Expected actual: "${actual}" to not be null or undefined` +
      suffix(message),
    actual,
  );
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
  if (actual instanceof expectedType) return;
  failure(
    `Expected object to be an instance of "${expectedType.name}", but was ` +
      `${inspect(actual)}${suffix(message)}`,
    actual,
    expectedType,
  );
}

function compare<T>(
  holds: boolean,
  actual: T,
  relation: string,
  expected: T,
  message: string | undefined,
): void {
  if (holds) return;
  failure(
    message ?? `Expect ${inspect(actual)} ${relation} ${inspect(expected)}`,
    actual,
    expected,
  );
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
 * Asserts `actual >= expected`.
 *
 * @throws {AssertionError} If it is not, or either is `NaN`.
 */
export function assertGreaterOrEqual<T>(
  actual: T,
  expected: T,
  message?: string,
): void {
  compare(actual >= expected, actual, ">=", expected, message);
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

/**
 * Marks code that must not be reached.
 *
 * @throws {AssertionError} Always.
 */
export function unreachable(reason?: string): never {
  failure(reason ?? "Unreachable");
}
