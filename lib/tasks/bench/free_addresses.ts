/**
 * Addresses for workers that run on one machine.
 *
 * @module
 */

/**
 * Finds addresses on this machine whose ports are free.
 *
 * @param count The number of addresses.
 * @returns Different addresses, such as `127.0.0.1:40123`.
 */
export function freeAddresses(count: number): string[] {
  const listeners = Array.from(
    { length: count },
    () => Deno.listen({ hostname: "0.0.0.0", port: 0 }),
  );
  return listeners.map((listener) => {
    const { port } = listener.addr as Deno.NetAddr;
    listener.close();
    return `127.0.0.1:${port}`;
  });
}
