/**
 * The backend of `npx onecode`, which replaces that of the tasks: WebAssembly,
 * as Node.js cannot load the project's engine.
 *
 * @module
 */
import { prepareWasm } from "./host.ts";

/** Chooses a backend. */
const codecBackend = (): "wasm" => "wasm";

// The names of start_backend.ts, which this replaces.
export { codecBackend, prepareWasm as startBackend };
