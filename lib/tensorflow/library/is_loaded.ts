/**
 * Whether this process has loaded TensorFlow. Importing this file loads
 * nothing.
 *
 * @module
 */

let loaded = false;

/** Says that TensorFlow's library has been opened. */
export function markLoaded(): void {
  loaded = true;
}

/**
 * Whether TensorFlow's library has been opened in this process.
 *
 * @returns False as long as nothing imports `lib/tensorflow/mod.ts`.
 */
export function isLoaded(): boolean {
  return loaded;
}
