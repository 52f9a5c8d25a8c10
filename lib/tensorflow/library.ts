/**
 * Finds and opens TensorFlow's shared library, which the PyPI wheel
 * carries, in the checkout's `.venv`.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadLibrary } from "./load_library.ts";
import { SYMBOLS } from "./symbols.ts";

/** Thrown when TensorFlow's shared library is missing or cannot be opened. */
export class LibraryError extends Error {
  /** Its name, for messages. */
  override name = "LibraryError";
}

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const NAMES = ["libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib"];

/**
 * The path of libtensorflow: `ONECODE_TENSORFLOW` when set, else the copy in
 * the checkout's `.venv`.
 *
 * @param root The checkout's folder.
 * @throws {LibraryError} When no library is there.
 */
export function findLibrary(root: string = ROOT): string {
  const setting = Deno.env.get("ONECODE_TENSORFLOW") ?? "";
  // To the set-up the same variable names the build, which is in .venv.
  const named = ["cpu", "cuda"].includes(setting) ? "" : setting;
  const folders = named ? [named] : pythonFolders(join(root, ".venv", "lib"))
    .map((folder) => join(folder, "site-packages", "tensorflow"));
  for (const folder of folders) {
    for (const name of NAMES) {
      if (exists(join(folder, name))) return join(folder, name);
    }
  }
  throw new LibraryError(
    named
      ? `No TensorFlow library in "${named}", the folder that ONECODE_TENSORFLOW names.`
      : `TensorFlow is not set up in "${
        join(root, ".venv")
      }": run \`deno task setup\`.`,
  );
}

function pythonFolders(lib: string): string[] {
  try {
    return Array.from(Deno.readDirSync(lib), (entry) => entry.name)
      .filter((name) => name.startsWith("python3.")).sort().reverse()
      .map((name) => join(lib, name));
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** The library's functions. */
export type Library = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** `absl::SetMinLogLevel` as TensorFlow 2.21 exports it. */
const SET_MIN_LOG_LEVEL =
  "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE";

function open(): Library {
  const path = findLibrary();
  // The one needs the other, and the loader does not look beside it.
  const framework = path.replace("libtensorflow_cc", "libtensorflow_framework");
  try {
    loadLibrary(framework);
    const { setMinLogLevel } = Deno.dlopen(framework, {
      setMinLogLevel: {
        name: SET_MIN_LOG_LEVEL,
        parameters: ["i32"],
        result: "void",
        optional: true,
      },
    }).symbols;
    // Only errors: at its first op TensorFlow would print advice otherwise.
    setMinLogLevel?.(logLevel());
    loadLibrary(path);
    return Deno.dlopen(path, SYMBOLS).symbols;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LibraryError(`Could not open "${path}": ${reason}`);
  }
}

/** TensorFlow's own variable: 0 all, 1 warnings, 2 errors, 3 fatal errors. */
function logLevel(): number {
  const level = Number(Deno.env.get("TF_CPP_MIN_LOG_LEVEL"));
  return Deno.env.has("TF_CPP_MIN_LOG_LEVEL") && level >= 0 ? level : 2;
}

/** TensorFlow's C API, opened when this module is first imported. */
export const library: Library = open();
