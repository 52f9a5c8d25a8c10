/** Starts a module that Emscripten built, once, when it is first needed. */

/** What Emscripten's glue code exports: starts one instance. */
export type EmscriptenFactory = (options: {
  /** The WebAssembly itself, which keeps the glue from fetching it. */
  readonly wasmBinary: Uint8Array;
  /** Takes what the library prints to its standard output. */
  readonly print: (line: string) => void;
  /** Takes what the library prints to its standard error. */
  readonly printErr: (line: string) => void;
}) => Promise<unknown>;

/**
 * A getter of the one instance of a module.
 *
 * @param factory Default export of the glue code, whatever its types say
 * @param url `file:` address of the `.wasm` file
 * @param print Takes the lines that the library prints; by default dropped
 */
export function startWasm<Module>(
  factory: unknown,
  url: string,
  print: (line: string) => void = () => {},
): () => Promise<Module> {
  let started: Promise<Module> | undefined;
  return () =>
    started ??= (async () => {
      const wasmBinary = await Deno.readFile(new URL(url));
      const create = factory as EmscriptenFactory;
      return await create({
        wasmBinary,
        print,
        printErr: print,
      }) as Module;
    })();
}
