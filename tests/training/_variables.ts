/** Variables for the tests of this room. */
import { tf } from "@/tensorflow/mod.ts";

/** Variables of 1, 2, 3, … by name. */
export function makeState(
  values: Readonly<Record<string, readonly number[]>>,
): Map<string, tf.Variable> {
  return new Map(
    Object.entries(values).map(([name, list]) => [
      name,
      tf.tidy(() => tf.variable(tf.tensor1d([...list]))) as tf.Variable,
    ]),
  );
}

/** Their values. */
export function readState(
  state: ReadonlyMap<string, tf.Variable>,
): Record<string, number[]> {
  return Object.fromEntries(
    Array.from(state, ([name, variable]) => [
      name,
      Array.from(variable.dataSync()),
    ]),
  );
}

/** Frees them. */
export function disposeState(state: ReadonlyMap<string, tf.Variable>): void {
  tf.dispose([...state.values()]);
}
