/**
 * Loads a shared library for good and without its chatter.
 *
 * TensorFlow's library has to stay mapped until the process is gone: unmapped
 * when the runtime ends, it crashes it. And TensorFlow logs while it is
 * loaded, before its log level can be set.
 *
 * @module
 */

/** What differs between the systems that TensorFlow's wheels are made for. */
const SYSTEMS: Readonly<
  Record<string, { readonly libc: string; readonly noDelete: number }>
> = {
  linux: { libc: "libc.so.6", noDelete: 0x1000 },
  darwin: { libc: "libSystem.B.dylib", noDelete: 0x80 },
};

const RTLD_NOW = 2;
const O_WRONLY = 1;
const STDERR = 2;
const encoder = new TextEncoder();

/**
 * Maps a shared library into the process, where it stays.
 *
 * Where that cannot be done nothing happens: opening the library afterwards
 * tells why.
 *
 * @param path The library's file.
 */
export function loadLibrary(path: string): void {
  const system = SYSTEMS[Deno.build.os];
  if (system === undefined) return;
  const library = Deno.dlopen(system.libc, {
    dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
  });
  const { dlopen, dup, dup2, open, close } = library.symbols;
  const kept = dup(STDERR);
  const nowhere = open(encoder.encode("/dev/null\0"), O_WRONLY);
  if (nowhere >= 0) dup2(nowhere, STDERR);
  try {
    dlopen(encoder.encode(`${path}\0`), RTLD_NOW | system.noDelete);
  } finally {
    if (kept >= 0) {
      dup2(kept, STDERR);
      close(kept);
    }
    if (nowhere >= 0) close(nowhere);
    library.close();
  }
}
