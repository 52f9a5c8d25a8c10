/**
 * Where the project's data lies.
 *
 * @module
 */
import { join } from "node:path";

import { PROJECT_ROOT } from "./project_root.ts";

/**
 * The path of something in the project's `data` folder. Downloads and caches,
 * which are large, can be kept elsewhere: in the folder that the environment
 * variable `ONECODE_DATA` names.
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
  return elsewhere && !path.startsWith("starter")
    ? `${elsewhere}/${path}`
    : join(PROJECT_ROOT, "data", path);
}
