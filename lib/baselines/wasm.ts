/**
 * Starts modules that were built with Emscripten.
 *
 * @module
 */

/** The export of Emscripten's glue code, which starts one instance. */
type EmscriptenFactory = (options: {
  /** The WebAssembly itself, which keeps the glue from fetching it. */
  readonly wasmBinary: Uint8Array;
  /** Receives what the library prints to its standard output. */
  readonly print: (line: string) => void;
  /** Receives what the library prints to its standard error. */
  readonly printErr: (line: string) => void;
}) => Promise<unknown>;

/**
 * Prepares a module that is started once, when it is first needed.
 *
 * @param factory The default export of the glue code
 * @param url `file:` address of the `.wasm` file
 * @param print Receives the lines that the library prints; ignored by default
 * @returns A function that returns the one instance
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
