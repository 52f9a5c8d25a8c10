/**
 * The width of the terminal.
 *
 * @module
 */

/** Characters in a line of the terminal; 80 where it does not know. */
export function terminalColumns(): number {
  try {
    // Some terminals, such as those of containers, report 0.
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}
