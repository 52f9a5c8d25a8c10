/**
 * The backend of `npx onecode`, which replaces that of the tasks: WebAssembly,
 * as Node.js cannot load the project's engine.
 *
 * @module
 */

export { startBackend } from "./host.ts";

/**
 * Chooses a backend.
 *
 * @returns Always WebAssembly.
 */
export function codecBackend(): "wasm" {
  return "wasm";
}
