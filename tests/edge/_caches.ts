/** A real cache in front of an origin, where its program is installed. */
import { join } from "node:path";
import {
  type CacheProgram,
  type CacheServer,
  findProgram,
  startCache,
} from "@/edge/cache_server.ts";
import type { CacheWay } from "@/edge/cache_options.ts";
import type { ReplayTarget, ServedPhoto } from "@/edge/replay.ts";
import { type FolderAnswer, serveFolder } from "@/edge/serve_folder.ts";
import { withFolder } from "../_folder.ts";

/** Skips a test with a sentence where a program is not installed. */
export function needsProgram(program: CacheProgram): { ignore: boolean } {
  const ignore = findProgram(program) === undefined;
  if (ignore) {
    console.log(`skipped: tests of ${program}, which is not installed`);
  }
  return { ignore };
}

/** Slices of the tests. */
export const SLICE = 4096;

/** Sizes for which headers of 300 to 1000 bytes never cross a block of 4096. */
export const photos: readonly ServedPhoto[] = [
  [5000, 14_000],
  [9000, 22_000],
  [1000, 6500],
  [13_500, 13_500],
  [6000, 47_500],
  [2500, 11_000],
].map(([medium, high], i) => ({
  path: `photo%20${i}.onecode`,
  medium: medium!,
  high: high!,
}));

/** What a test is given. */
export interface RunningEdge extends ReplayTarget {
  /** The cache. */
  readonly cache: CacheServer;
  /** The origin's files. */
  readonly files: string;
  /** The cache's folder. */
  readonly folder: string;
}

/** Starts an origin with {@linkcode photos} and a cache while a test works. */
export async function withCache(
  program: CacheProgram,
  way: CacheWay,
  work: (edge: RunningEdge) => Promise<void>,
  cacheBytes = 50e6,
): Promise<void> {
  await withFolder(async (root) => {
    await Deno.chmod(root, 0o755);
    const files = join(root, "files"), folder = join(root, "cache");
    await Deno.mkdir(files);
    await Deno.mkdir(folder);
    for (const [i, { path, high }] of photos.entries()) {
      const bytes = new Uint8Array(high).fill(i + 1);
      await Deno.writeFile(join(files, decodeURIComponent(path)), bytes);
    }
    const answers: FolderAnswer[] = [];
    const origin = serveFolder(files, {
      port: 0,
      immutable: true,
      onAnswer: (answer) => answers.push(answer),
    });
    try {
      await using cache = await startCache(program, {
        way,
        origin: origin.address,
        port: 0,
        cacheBytes,
        sliceBytes: SLICE,
        folder,
      });
      const { address } = cache;
      await work({ cache, address, way, photos, answers, files, folder });
    } finally {
      await origin.close();
    }
  });
}
