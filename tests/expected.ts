/**
 * Golden files: what a test compares with lies in `tests/expected/`, so that a
 * change of output shows as a change of file. With
 * `ONECODE_UPDATE_EXPECTED=1` in the environment the files are written anew.
 *
 * @module
 */
import { AssertionError } from "node:assert";
import { assertEquals } from "@std/assert";

const folder = new URL("./expected/", import.meta.url);
const updateSwitch = "ONECODE_UPDATE_EXPECTED";

/**
 * Asserts that text or bytes equal the golden file of that name.
 *
 * @param name File name below `tests/expected/`, with its extension; folders
 * are made when needed.
 * @param actual Text, or bytes for binary files.
 * @throws {AssertionError} If the file is missing or differs.
 *
 * @example Usage
 * ```ts ignore
 * await assertExpected("charts/loss.svg", svg);
 * ```
 */
export async function assertExpected(
  name: string,
  actual: string | Uint8Array,
): Promise<void> {
  const file = new URL(name, folder);
  if (!file.href.startsWith(folder.href)) {
    throw new RangeError(
      `The golden file ${JSON.stringify(name)} is outside tests/expected`,
    );
  }
  const bytes = typeof actual === "string"
    ? new TextEncoder().encode(actual)
    : actual;
  if (Deno.env.get(updateSwitch) === "1") {
    await Deno.mkdir(new URL("./", file), { recursive: true });
    await Deno.writeFile(file, bytes);
    return;
  }
  const expected = await readExpected(file, name);
  const advice = `${name} differs; ${updateSwitch}=1 writes it anew`;
  if (typeof actual === "string") {
    assertEquals(actual, new TextDecoder().decode(expected), advice);
  } else if (!sameBytes(bytes, expected)) {
    throw new AssertionError({ message: advice });
  }
}

async function readExpected(file: URL, name: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new AssertionError({
      message: `${name} is missing; ${updateSwitch}=1 writes it`,
    });
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
