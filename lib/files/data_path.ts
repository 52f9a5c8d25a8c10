/**
 * Where the project's data is.
 *
 * @module
 */
import { join, resolve } from "node:path";

import { PROJECT_ROOT } from "./project_root.ts";

/**
 * The path of something in the project's `data` folder. Downloads and caches,
 * which are large, can be kept elsewhere: in the folder that the environment
 * variable `ONECODE_DATA` names, relative to where the user stands.
 *
 * @param path A path below `data`, such as `"starter"` or `"cache"`.
 * @returns An absolute path.
 * @example
 * ```ts
 * import { dataPath } from "./data_path.ts";
 *
 * await Deno.stat(dataPath("starter/SOURCES.csv"));
 * ```
 */
export function dataPath(path: string): string {
  const elsewhere = Deno.env.get("ONECODE_DATA");
  if (!elsewhere || path.startsWith("starter")) {
    return join(PROJECT_ROOT, "data", path);
  }
  // `deno task` changes to the project's folder and notes the former one.
  return resolve(Deno.env.get("INIT_CWD") ?? ".", elsewhere, path);
}
