/**
 * Opens TensorFlow's shared library.
 *
 * @module
 */

import {
  findLibrary,
  LibraryError,
} from "@/tensorflow/library/find_library.ts";
import { mapLibrary } from "@/tensorflow/library/map_library.ts";
import { markLoaded } from "@/tensorflow/library/is_loaded.ts";
import { SYMBOLS } from "./symbols.ts";

function openLibrary(): Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] {
  const path = findLibrary();
  try {
    mapLibrary(path);
    const { symbols } = Deno.dlopen(path, SYMBOLS);
    markLoaded();
    return symbols;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LibraryError(`Could not open "${path}": ${reason}.`);
  }
}

/** TensorFlow's C API, opened when this module is first imported. */
export const library: Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] =
  openLibrary();
