/**
 * Names of several networks' values in one map.
 *
 * @module
 */

/**
 * Entries with `prefix/` before their names.
 *
 * @example
 * ```ts
 * import { prefixed } from "./prefixed.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(prefixed("high", new Map([["bias", 1]])), [["high/bias", 1]]);
 * ```
 */
export function prefixed<Value>(
  prefix: string,
  values: Iterable<readonly [string, Value]>,
): [string, Value][] {
  return Array.from(values, ([name, value]) => [`${prefix}/${name}`, value]);
}
