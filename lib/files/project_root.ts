/**
 * Where the project is.
 *
 * @module
 */
import { resolve } from "node:path";

/** The project's folder, an absolute path without a slash at its end. */
export const PROJECT_ROOT: string = resolve(
  import.meta.dirname ?? ".",
  "../..",
);
