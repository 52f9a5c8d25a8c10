/**
 * Addresses for workers that run on one machine.
 *
 * @module
 */

/**
 * The first and the number of ports that are tried: none that a system gives to
 * connections, which begin at 32768.
 */
const FIRST = 10_000, PORTS = 22_000;

/** Each process begins elsewhere, so that two at a time rarely try the same ones. */
let next = 16 * Deno.pid;

/**
 * Finds addresses on this machine whose ports are free, and are not found again
 * soon.
 *
 * @param count The number of addresses.
 * @returns Different addresses, such as `127.0.0.1:20123`.
 */
export function freeAddresses(count: number): string[] {
  const addresses: string[] = [];
  while (addresses.length < count) {
    const port = FIRST + next++ % PORTS;
    try {
      Deno.listen({ hostname: "0.0.0.0", port }).close();
      addresses.push(`127.0.0.1:${port}`);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return addresses;
}
