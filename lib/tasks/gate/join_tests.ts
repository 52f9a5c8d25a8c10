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

/** The rooms whose tests change nothing that other tests of the room see. */
const JOINED: readonly string[] = [
  "baselines",
  "charts",
  "codec",
  "datasets",
  "edge",
  "errors",
  "evaluation",
  "experiment",
  "files",
  "images",
  "metrics",
  "models",
  "random",
  "sections",
  "tensorflow",
  "web",
];

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
  const roomOf = (path: string) => path.split(/[/\\]/)[0]!;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const joined: string[] = [];
  for (const room of JOINED) {
    const imports = files.filter((path) => roomOf(path) === room)
      .map((path) => relative(folder, join(tests, path)).replaceAll("\\", "/"))
      .map((from) => `import "${from}";\n`);
    if (imports.length === 0) continue;
    const path = join(folder, `${room}_test.ts`);
    await writeFile(path, imports.join(""));
    joined.push(path);
  }
  const apart = files.filter((path) => !JOINED.includes(roomOf(path)))
    .map((path) => join(tests, path));
  return { joined, apart };
}
