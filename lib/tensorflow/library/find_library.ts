/**
 * Finds TensorFlow's shared library, which set-up takes from TensorFlow's wheel.
 * Importing this file loads nothing.
 *
 * @module
 */

import { join } from "node:path";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/** Thrown when TensorFlow's shared library is missing or cannot be opened. */
export class LibraryError extends Error {
  /** The class, for stack traces. */
  override readonly name = "LibraryError";
}

const NAMES = ["libtensorflow_cc.so.2", "libtensorflow_cc.2.dylib"];

/**
 * Looks for libtensorflow in the project's `.venv`: in the folder `tensorflow`,
 * and in the Python package of the build for GPUs.
 *
 * @param root The project's folder.
 * @returns The library's path, or `undefined` before it is set up.
 */
export function libraryIn(root: string = PROJECT_ROOT): string | undefined {
  const venv = join(root, ".venv");
  const packages = pythonFolders(join(venv, "lib"))
    .map((folder) => join(folder, "site-packages", "tensorflow"));
  return firstIn([join(venv, "tensorflow"), ...packages]);
}

/**
 * Finds libtensorflow in the folder that `ONECODE_TENSORFLOW_FOLDER` names,
 * or else in the project's `.venv`.
 *
 * @param root The project's folder.
 * @returns The library's path.
 * @throws {LibraryError} If there is no library.
 */
export function findLibrary(root: string = PROJECT_ROOT): string {
  const named = Deno.env.get("ONECODE_TENSORFLOW_FOLDER") ?? "";
  const path = named ? firstIn([named]) : libraryIn(root);
  if (path !== undefined) return path;
  throw new LibraryError(
    named
      ? `No TensorFlow library in "${named}", the folder that ONECODE_TENSORFLOW_FOLDER names.`
      : `TensorFlow is not set up in "${
        join(root, ".venv")
      }": run \`deno task setup\`.`,
  );
}

function firstIn(folders: readonly string[]): string | undefined {
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isFile);
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

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
