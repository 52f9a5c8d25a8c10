/**
 * Maps TensorFlow's two files into the process, at once or in a thread of its
 * own while the program starts. Importing this file loads nothing.
 *
 * @module
 */

import { findLibrary } from "./find_library.ts";

/** What differs between the systems that TensorFlow's wheels are made for. */
const SYSTEMS: Readonly<
  Record<string, { readonly libc: string; readonly noDelete: number }>
> = {
  linux: { libc: "libc.so.6", noDelete: 0x1000 },
  darwin: { libc: "libSystem.B.dylib", noDelete: 0x80 },
};

/** Binds functions when they are first called: there are 200,000. */
const RTLD_LAZY = 1;
const O_WRONLY = 1;
const STDERR = 2;
const encoder = new TextEncoder();

/** Functions of the system's C library. */
const LIBC = {
  dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  dlopenInThread: {
    name: "dlopen",
    parameters: ["buffer", "i32"],
    result: "pointer",
    nonblocking: true,
  },
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/**
 * Maps a library into the process for good and in silence. If TensorFlow were
 * unmapped when the runtime ends, the process would crash; and it logs while
 * it is loaded, before its log level can be set. If this fails, nothing
 * happens: opening the library afterwards gives the reason.
 */
function mapForGood(path: string): void {
  const system = SYSTEMS[Deno.build.os];
  if (system === undefined) return;
  const libc = Deno.dlopen(system.libc, LIBC);
  const { dlopen, dup, dup2, open, close } = libc.symbols;
  const kept = dup(STDERR);
  const nowhere = open(encoder.encode("/dev/null\0"), O_WRONLY);
  if (nowhere >= 0) dup2(nowhere, STDERR);
  dlopen(encoder.encode(`${path}\0`), RTLD_LAZY | system.noDelete);
  if (kept >= 0) {
    dup2(kept, STDERR);
    close(kept);
  }
  if (nowhere >= 0) close(nowhere);
  libc.close();
}

/** `absl::SetMinLogLevel` as TensorFlow 2.21 exports it. */
const SET_MIN_LOG_LEVEL =
  "_ZN4absl12lts_2025081414SetMinLogLevelENS0_18LogSeverityAtLeastE";

/**
 * Sets what TensorFlow logs, unless its own variable `TF_CPP_MIN_LOG_LEVEL`
 * does.
 *
 * @param level 0 for everything, 1 for warnings and errors, 2 for errors, 3
 * for fatal errors only.
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

/**
 * Has convolutions run by oneDNN, unless the user has decided that. By itself
 * TensorFlow leaves it out on processors without AVX-512, where it then refuses
 * dilated depthwise convolutions and images with channels first.
 */
function useOneDnn(): void {
  const name = "TF_ENABLE_ONEDNN_OPTS";
  if (!Deno.env.has(name)) Deno.env.set(name, "1");
}

/**
 * Maps libtensorflow_cc, and libtensorflow_framework, which it needs and the
 * loader does not look for beside it.
 *
 * @param path Path of libtensorflow_cc.
 */
export function mapLibrary(path: string): void {
  useOneDnn();
  const framework = frameworkOf(path);
  mapForGood(framework);
  // Otherwise TensorFlow would print advice at its first op.
  setLogLevel(2, framework);
  mapForGood(path);
}

/**
 * Begins to map TensorFlow in a thread, which takes it a third of a second.
 * Opening it afterwards waits for the rest only. Nothing happens where there is
 * no library.
 */
export function beginToMap(): void {
  const system = SYSTEMS[Deno.build.os];
  if (system === undefined) return;
  try {
    const path = findLibrary();
    useOneDnn();
    const framework = frameworkOf(path);
    mapForGood(framework);
    setLogLevel(3, framework); // The thread cannot be silenced otherwise.
    const { dlopenInThread } = Deno.dlopen(system.libc, LIBC).symbols;
    const name = encoder.encode(`${path}\0`);
    dlopenInThread(name, RTLD_LAZY | system.noDelete).catch(() => name);
  } catch {
    // Opening the library gives the reason.
  }
}
