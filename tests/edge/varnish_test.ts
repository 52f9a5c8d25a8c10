/** Varnish as a second witness for whole files, beside the simulator. */
import { LruCache } from "@/edge/lru.ts";
import { replay } from "@/edge/replay.ts";
import { simulateEdge } from "@/edge/simulate.ts";
import { syntheticTrace } from "@/edge/synthetic_trace.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { needsProgram, photos, SLICE, withCache } from "./_caches.ts";

Deno.test({
  name: "Varnish has the hits and bytes of the simulator for whole files",
  ...needsProgram("varnish"),
  fn: async () => {
    await withCache("varnish", "whole", async (edge) => {
      const [block] = syntheticTrace({
        photos: photos.length,
        requests: 60,
        exponent: 0.7,
        mediumShare: 0.6,
        together: "independent",
        seed: 6,
      });
      const all = await Array.fromAsync(replay(block!, edge));
      const counts = await simulateEdge([block!], new LruCache(50e6), {
        form: "whole",
        pool: photos,
        sliceBytes: SLICE,
        overheadBytes: 600,
      });
      const sum = (of: (request: typeof all[number]) => number) =>
        all.reduce((total, request) => total + of(request), 0);
      assertEquals(
        {
          requests: all.length,
          hits: sum(({ isHit }) => +isHit),
          mediums: counts.mediums,
          clientBytes: sum(({ clientBytes }) => clientBytes),
          originRequests: sum(({ originRequests }) => originRequests),
          originBytes: sum(({ originBytes }) => originBytes),
        },
        counts,
      );
      for (const { isHit, states } of all) {
        assertEquals(states, [isHit ? "HIT" : "MISS"]);
      }
      assertMatch(edge.cache.version, /^varnish-\d/);
    });
  },
});
