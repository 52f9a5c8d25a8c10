/** nginx in front of the origin, beside the simulator, request by request. */
import { CACHE_WAYS } from "@/edge/cache_options.ts";
import { startCache } from "@/edge/cache_server.ts";
import { LruCache } from "@/edge/lru.ts";
import { NGINX_LOG, NGINX_OBJECTS } from "@/edge/nginx.ts";
import { replay } from "@/edge/replay.ts";
import { simulateEdge } from "@/edge/simulate.ts";
import { syntheticTrace } from "@/edge/synthetic_trace.ts";
import type { TraceBlock } from "@/edge/trace.ts";
import { UserError } from "@/errors/user_error.ts";
import { join } from "node:path";
import {
  assert,
  assertEquals,
  assertGreater,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { withFolder } from "../_folder.ts";
import {
  needsProgram,
  photos,
  type RunningEdge,
  SLICE,
  withCache,
} from "./_caches.ts";
import { traceOf } from "./_counts.ts";

const needsNginx = needsProgram("nginx");

/** Counts a request as the simulator does, without what a replay knows more. */
async function simulated(edge: RunningEdge, lru: LruCache, block: TraceBlock) {
  const counts = await simulateEdge([block], lru, {
    form: edge.way,
    pool: photos,
    sliceBytes: SLICE,
    overheadBytes: 600,
    blockBytes: 4096,
  });
  return {
    isHit: counts.hits === 1,
    clientBytes: counts.clientBytes,
    originBytes: counts.originBytes,
    originRequests: counts.originRequests,
  };
}

async function replayed(edge: RunningEdge, block: TraceBlock) {
  const all = await Array.fromAsync(replay(block, edge));
  assertEquals(all.length, 1);
  const { isHit, clientBytes, originBytes, originRequests, ...rest } = all[0]!;
  return { counted: { isHit, clientBytes, originBytes, originRequests }, rest };
}

const [trace] = syntheticTrace({
  photos: photos.length,
  requests: 80,
  exponent: 0.7,
  mediumShare: 0.6,
  together: "independent",
  seed: 5,
});

function single({ photos, isHigh }: TraceBlock, i: number): TraceBlock {
  return { photos: photos.slice(i, i + 1), isHigh: isHigh.slice(i, i + 1) };
}

for (const way of CACHE_WAYS) {
  Deno.test({
    name: `nginx with ${way} has the hits and bytes of the simulator`,
    ...needsNginx,
    fn: async () => {
      await withCache("nginx", way, async (edge) => {
        const lru = new LruCache(50e6);
        let bytes = 0, hits = 0;
        for (let i = 0; i < trace!.photos.length; i++) {
          const block = single(trace!, i);
          const { counted, rest } = await replayed(edge, block);
          assertEquals(counted, await simulated(edge, lru, block), `${i}`);
          if (counted.isHit) {
            assertEquals(new Set(rest.states), new Set(["HIT"]));
            hits++;
          }
          bytes += counted.clientBytes;
        }
        assertGreater(hits, 30);
        assertGreater(trace!.photos.length - hits, photos.length - 1);
        // nginx itself counted the same bytes.
        const log = await Deno.readTextFile(join(edge.folder, NGINX_LOG));
        const lines = log.trim().split("\n").map((line) => JSON.parse(line));
        const logged = lines.reduce((sum, line) => sum + line.bytes, 0);
        assertEquals(logged, bytes);
        assertMatch(edge.cache.version, /^nginx\/\d/);
      });
    },
  });
}

/** Files in nginx's cache. */
function cachedFiles(folder: string): number {
  const entries = [...Deno.readDirSync(folder)];
  return entries.reduce(
    (count, { name, isDirectory }) =>
      count + (isDirectory ? cachedFiles(join(folder, name)) : 1),
    0,
  );
}

Deno.test({
  name: "nginx forgets the same layers as the simulator once it is full",
  ...needsNginx,
  fn: async () => {
    const capacity = 16 * 4096;
    await withCache("nginx", "layers", async (edge) => {
      // nginx forgets while it holds as much as it may, the simulator more.
      const lru = new LruCache(capacity - 1);
      const steps = "0m 1m 2m 0h 2h 1m 4h 1m 0m".split(" ");
      let waits = 0;
      for (const step of steps) {
        const [block] = traceOf(step);
        const held = lru.count;
        const expected = await simulated(edge, lru, block!);
        const { counted } = await replayed(edge, block!);
        assertEquals(counted, expected, step);
        const objects = join(edge.folder, NGINX_OBJECTS);
        if (lru.count >= held + expected.originRequests) continue;
        // Its cache manager wakes up every ten seconds.
        waits++;
        while (cachedFiles(objects) > lru.count) {
          await new Promise((done) => setTimeout(done, 100));
        }
        assertEquals(cachedFiles(objects), lru.count);
      }
      assert(waits > 0 && waits < 4, `${waits}`);
    }, capacity);
  },
});

Deno.test({
  name: "nginx fetches the whole file once although a client aborts",
  ...needsNginx,
  fn: async () => {
    await withCache("nginx", "whole", async (edge) => {
      const size = 30e6;
      await Deno.writeFile(join(edge.files, "large"), new Uint8Array(size));
      const left = new AbortController();
      const url = `${edge.address}large`;
      const response = await fetch(url, { signal: left.signal });
      const reader = response.body!.getReader();
      await reader.read();
      left.abort();
      await assertRejects(() => reader.read());
      while (edge.answers.length === 0) {
        await new Promise((done) => setTimeout(done, 20));
      }
      assertEquals(edge.answers[0]!.bytes, size);
      const again = await fetch(url);
      assertEquals((await again.arrayBuffer()).byteLength, size);
      assertEquals(again.headers.get("x-cache"), "HIT");
      assertEquals(edge.answers.length, 1);
    });
  },
});

Deno.test({
  name: "a file that changes under the cache shows in the ETags of its layers",
  ...needsNginx,
  fn: async () => {
    await withCache("nginx", "layers", async (edge) => {
      const [medium, high] = [traceOf("0m")[0]!, traceOf("0h")[0]!];
      assertEquals((await replayed(edge, medium)).rest.isMixed, false);
      const { path, high: size } = photos[0]!;
      const file = join(edge.files, decodeURIComponent(path));
      await Deno.writeFile(file, new Uint8Array(size).fill(99));
      const { counted, rest } = await replayed(edge, high);
      assertEquals([rest.states, rest.isMixed], [["HIT", "MISS"], true]);
      assertEquals(counted.clientBytes, size);
    });
    // Slices of two versions are never joined: nginx gives up.
    await withCache("nginx", "slices", async (edge) => {
      await replayed(edge, traceOf("0m")[0]!);
      const { path, high: size } = photos[0]!;
      const file = join(edge.files, decodeURIComponent(path));
      await Deno.writeFile(file, new Uint8Array(size).fill(99));
      await assertRejects(() => replayed(edge, traceOf("0h")[0]!));
    });
  },
});

Deno.test({
  name: "nginx keeps the rest of a file that a browser asks for by its end",
  ...needsNginx,
  fn: async () => {
    await withCache("nginx", "layers", async ({ address, answers }) => {
      const { path, medium, high } = photos[0]!;
      const range = `bytes=${medium}-${high - 1}`;
      for (const state of ["MISS", "HIT"]) {
        const response = await fetch(`${address}${path}`, {
          headers: { range },
        });
        assertEquals((await response.bytes()).length, high - medium);
        assertEquals(response.headers.get("x-cache"), state);
      }
      assertEquals(answers.map((answer) => answer.range), [range]);
    });
  },
});

Deno.test({
  name: "nginx does not keep errors, nor what the origin refuses",
  ...needsNginx,
  fn: async () => {
    await withCache("nginx", "layers", async (edge) => {
      const missing = { ...edge, photos: [{ ...photos[0]!, path: "none" }] };
      const ask = () => Array.fromAsync(replay(traceOf("0m")[0]!, missing));
      await assertRejects(ask, Error, "/none");
      await assertRejects(ask, Error, "status 404");
      assertEquals(edge.answers.map(({ status }) => status), [404, 404]);
    });
  },
});

Deno.test("a program that is not installed is named with its package", async () => {
  const options = {
    way: "whole",
    origin: "http://127.0.0.1:1/",
    port: 0,
    cacheBytes: 1e6,
    sliceBytes: SLICE,
    folder: "/nowhere",
  } as const;
  for (const program of ["nginx", "varnish"] as const) {
    await assertRejects(
      () => startCache(program, options, ["/nowhere"]),
      UserError,
      `${program} is not installed: install the package "${program}" of your`,
    );
  }
});

Deno.test({
  name: "a cache that does not start is quoted",
  ...needsNginx,
  fn: async () => {
    await withFolder(async (folder) => {
      using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
      await assertRejects(
        () =>
          startCache("nginx", {
            way: "whole",
            origin: "http://127.0.0.1:1/",
            port: taken.addr.port,
            cacheBytes: 1e6,
            sliceBytes: SLICE,
            folder: join(folder, "none"),
          }),
        Error,
      );
      const options = {
        way: "slices",
        origin: "http://127.0.0.1:1/",
        port: 0,
        cacheBytes: 1e6,
        sliceBytes: -1,
        folder,
      } as const;
      await assertRejects(
        () => startCache("nginx", options),
        UserError,
        "nginx did not start: ",
      );
    });
  },
});
