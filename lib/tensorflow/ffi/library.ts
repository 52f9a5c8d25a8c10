/**
 * Finds and opens TensorFlow's shared library, which the PyPI wheel
 * carries, in the checkout's `.venv`.
 *
 * @module
 */

import { join } from "node:path";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { markLoaded } from "./is_loaded.ts";
import { loadLibrary } from "./load_library.ts";
import { SYMBOLS } from "./symbols.ts";

/** Thrown when TensorFlow's shared library is missing or cannot be opened. */
export class LibraryError extends Error {
  /** Its name, for messages. */
  override name = "LibraryError";
}

const NAMES = ["libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib"];

/**
 * The path of libtensorflow: in the folder that `ONECODE_TENSORFLOW_FOLDER`
 * names, else in the checkout's `.venv`.
 *
 * @param root The checkout's folder.
 * @throws {LibraryError} When no library is there.
 */
export function findLibrary(root: string = PROJECT_ROOT): string {
  const named = Deno.env.get("ONECODE_TENSORFLOW_FOLDER") ?? "";
  const folders = named ? [named] : pythonFolders(join(root, ".venv", "lib"))
    .map((folder) => join(folder, "site-packages", "tensorflow"));
  for (const folder of folders) {
    for (const name of NAMES) {
      if (exists(join(folder, name))) return join(folder, name);
    }
  }
  throw new LibraryError(
    named
      ? `No TensorFlow library in "${named}", the folder that ONECODE_TENSORFLOW_FOLDER names.`
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
  const framework = frameworkOf(path);
  try {
    loadLibrary(framework);
    // Only errors: at its first op TensorFlow would print advice otherwise.
    setLogLevel(2, framework);
    loadLibrary(path);
    const { symbols } = Deno.dlopen(path, SYMBOLS);
    markLoaded();
    return symbols;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LibraryError(`Could not open "${path}": ${reason}`);
  }
}

/**
 * Sets what TensorFlow logs; its own variable `TF_CPP_MIN_LOG_LEVEL` goes
 * first.
 *
 * @param level 0 all, 1 warnings, 2 errors, 3 fatal errors.
 * @param framework The path of libtensorflow_framework.
 */
export function setLogLevel(
  level: number,
  framework: string = frameworkOf(findLibrary()),
): void {
  const { setMinLogLevel } = Deno.dlopen(framework, {
    setMinLogLevel: {
      name: SET_MIN_LOG_LEVEL,
      parameters: ["i32"],
      result: "void",
      optional: true,
    },
  }).symbols;
  const wanted = Number(Deno.env.get("TF_CPP_MIN_LOG_LEVEL"));
  const isSet = Deno.env.has("TF_CPP_MIN_LOG_LEVEL") && wanted >= 0;
  setMinLogLevel?.(isSet ? wanted : level);
}

function frameworkOf(path: string): string {
  return path.replace("libtensorflow_cc", "libtensorflow_framework");
}

/** TensorFlow's C API, opened when this module is first imported. */
export const library: Library = open();
