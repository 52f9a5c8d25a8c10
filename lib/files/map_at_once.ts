/**
 * Work of other processes and threads, several pieces at once.
 *
 * @module
 */

/**
 * `map`, with several calls at once. If a call fails, no others are started, and
 * those that run are waited for.
 *
 * @param items What to call it with.
 * @param call Called in the order of the items.
 * @param atOnce The number of calls at once; the number of cores by default.
 * @returns What the calls return, in the order of the items.
 * @throws What a call throws.
 * @example
 * ```ts
 * import { mapAtOnce } from "@/files/map_at_once.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const squares = await mapAtOnce([1, 2, 3], (x) => Promise.resolve(x * x));
 * assertEquals(squares, [1, 4, 9]);
 * ```
 */
export async function mapAtOnce<In, Out>(
  items: readonly In[],
  call: (item: In, index: number) => Promise<Out>,
  atOnce: number = navigator.hardwareConcurrency,
): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < items.length; i = next++) {
      try {
        results[i] = await call(items[i]!, i);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  const workers = Math.max(1, Math.min(atOnce, items.length));
  const ends = await Promise.allSettled(
    Array.from({ length: workers }, worker),
  );
  const failure = ends.find((end) => end.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  return results;
}
