/**
 * Temporary folders that do not outlive the process.
 *
 * @module
 */

/** A folder that is removed when it is disposed of. */
export interface TemporaryFolder extends Disposable {
  /** Its path. */
  readonly path: string;
}

/**
 * Makes a temporary folder. It is removed at the latest when the process exits,
 * unless it is killed.
 *
 * @param name What it is for, a part of its name.
 * @param parent The folder that it is made in; the system's by default.
 * @returns The folder, empty.
 */
export function temporaryFolder(
  name: string,
  parent?: string,
): TemporaryFolder {
  const path = Deno.makeTempDirSync({
    prefix: `onecode_${name}_`,
    ...parent !== undefined && { dir: parent },
  });
  const remove = () => {
    try {
      Deno.removeSync(path, { recursive: true });
    } catch {
      // Another process still writes to it, or has removed it.
    }
  };
  globalThis.addEventListener("unload", remove);
  return {
    path,
    [Symbol.dispose]() {
      globalThis.removeEventListener("unload", remove);
      remove();
    },
  };
}
