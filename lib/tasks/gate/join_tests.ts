/**
 * Joins test files into a few modules. `deno test` gives each module an isolate
 * of its own, and each loads TensorFlow.js and starts TensorFlow again, which
 * takes most tests longer than what they test.
 *
 *     tests/images/*_test.ts ─▶ one module, which imports them ─▶ deno test
 *
 * @module
 */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

/**
 * The rooms whose tests start processes, stop them, or change what all see. The
 * tests of others share an isolate, but for those beside the rooms.
 */
const APART: readonly string[] = ["notebook", "tasks", "training"];

/** What to hand to `deno test`. */
export interface JoinedTests {
  /** Modules that import all tests of a room. */
  readonly joined: readonly string[];
  /** The files of all other tests. */
  readonly apart: readonly string[];
}

/**
 * Writes a module for each room whose tests can share an isolate.
 *
 * @param tests The folder of the tests.
 * @param folder Where the modules are written; what it held is removed.
 * @returns The modules, and the files that are in none.
 */
export async function joinTests(
  tests: string,
  folder: string,
): Promise<JoinedTests> {
  const files = (await readdir(tests, { recursive: true }))
    .filter((path) => path.endsWith("_test.ts")).sort();
  const rooms = Map.groupBy(files, (path) => {
    const [room, ...inside] = path.split(/[/\\]/);
    return inside.length === 0 || APART.includes(room!) ? "" : room!;
  });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const joined: string[] = [];
  for (const [room, own] of rooms) {
    if (room === "") continue;
    const imports = own
      .map((path) => relative(folder, join(tests, path)).replaceAll("\\", "/"))
      .map((from) => `import "${from}";\n`);
    const path = join(folder, `${room}_test.ts`);
    await writeFile(path, imports.join(""));
    joined.push(path);
  }
  const apart = (rooms.get("") ?? []).map((path) => join(tests, path));
  return { joined, apart };
}
