/**
 * `deno task edge FOLDER`: an origin with a real cache in front of it, nginx or
 * Varnish. With a log of requests, or a number of made ones, it sends these
 * through the cache, counts at both ends and compares with the simulator.
 *
 * @module
 */
import { join } from "node:path";
import { CACHE_WAYS, type CacheWay } from "@/edge/cache_options.ts";
import { type CacheProgram, startCache } from "@/edge/cache_server.ts";
import { LruCache } from "@/edge/lru.ts";
import { NGINX_LOG } from "@/edge/nginx.ts";
import { replay, type ReplayedRequest } from "@/edge/replay.ts";
import { type FolderAnswer, serveFolder } from "@/edge/serve_folder.ts";
import { type NamedPhoto, servedPhotos } from "@/edge/served_photos.ts";
import { simulateEdge } from "@/edge/simulate.ts";
import { syntheticTrace } from "@/edge/synthetic_trace.ts";
import { type Trace, TraceFile } from "@/edge/trace.ts";
import { readLines } from "@/files/read_lines.ts";
import { systemReason } from "@/files/system_error.ts";
import {
  interruptSignal,
  parseOptions,
  runTask,
  SEED_OPTION,
  temporaryFolder,
  UserError,
} from "@/tasks/cli/mod.ts";

/** Bytes of the header with which nginx stores an object, about. */
const OVERHEAD = 600;

/** The skipped files that are named; the rest is counted. */
const SHOWN = 20;

/** The smallest cache of Varnish in megabytes: 2^20 bytes. */
const VARNISH_LEAST = 1.05;

/** Bytes of a block of the disk. */
const DISK_BLOCK = 4096;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, there are no files, or the
 * cache is not installed.
 */
export async function main(args: string[]): Promise<void> {
  const usage = "deno task edge FOLDER [--cache whole|slices|layers]";
  const { options, words } = parseOptions({
    usage,
    description: "Serves .onecode files through nginx or Varnish; with --log " +
      "or --requests, sends requests through it and counts at both ends.",
    words: "FOLDER",
    options: {
      cache: {
        type: "string",
        choices: CACHE_WAYS,
        default: "layers",
        help: "what the cache keeps",
      },
      server: {
        type: "string",
        choices: ["nginx", "varnish"],
        default: "nginx",
        help: "the program that caches; varnish keeps whole files only",
      },
      size: {
        type: "number",
        default: 100,
        min: 0.1,
        help: "size of the cache in megabytes",
      },
      slice: {
        type: "number",
        default: 4096,
        min: 512,
        integer: true,
        help: "length of a slice in bytes",
      },
      log: {
        type: "string",
        value: "FILE",
        help: 'requests, a line each: {"photo": "heron", "size": "medium"}',
      },
      requests: {
        type: "number",
        min: 1,
        integer: true,
        help: "number of requests to make in place of a log",
      },
      port: {
        type: "number",
        default: 8080,
        min: 0,
        max: 65535,
        integer: true,
        help: "port of the cache; 0 for any free one",
      },
      seed: { ...SEED_OPTION, help: "seed of made requests" },
    },
  }, args);
  const [folder, ...more] = words;
  if (folder === undefined || more.length > 0) {
    throw new UserError(`Give one folder; usage: ${usage}`);
  }
  const way = options.cache as CacheWay;
  const program = options.server as CacheProgram;
  if (program === "varnish" && way !== "whole") {
    throw new UserError("Varnish keeps whole files: add --cache whole.");
  }
  if (program === "varnish" && options.size < VARNISH_LEAST) {
    throw new UserError(
      `Varnish takes no less than ${VARNISH_LEAST} MB: --size ` +
        `${options.size} is too small.`,
    );
  }
  const problems: string[] = [];
  const photos = await servedPhotos(folder, problems);
  for (const problem of problems.slice(0, SHOWN)) console.error(problem);
  if (problems.length > SHOWN) {
    console.error(`Skipped ${problems.length - SHOWN} more.`);
  }
  const signal = interruptSignal();
  const answers: FolderAnswer[] = [];
  const origin = serveFolder(folder, {
    port: 0,
    immutable: true,
    onAnswer: (answer) => answers.push(answer),
  });
  using temporary = temporaryFolder("edge");
  // The cache runs as another user, where this one is root.
  const own = join(temporary.path, "cache");
  await Deno.mkdir(own);
  await Deno.chmod(temporary.path, 0o755);
  await using cache = await startCache(program, {
    way,
    origin: origin.address,
    port: options.port,
    cacheBytes: options.size * 1e6,
    sliceBytes: options.slice,
    folder: own,
  });
  console.log(`${cache.version} keeps ${PARTS[way]}, ${options.size} MB`);
  console.log(`Cache:  ${cache.address}`);
  console.log(`Origin: ${origin.address}`);
  if (options.log === undefined && options.requests === undefined) {
    console.log("Stop it with Ctrl+C.");
    const stopped = new Promise((done) =>
      signal.addEventListener("abort", done)
    );
    await Promise.race([cache.finished, stopped]);
  } else {
    const trace = options.log === undefined
      ? madeTrace(photos, options.requests!, options.seed)
      : await readLog(options.log);
    const target = { address: cache.address, way, photos, answers };
    const lru = new LruCache(options.size * 1e6);
    const found: Replayed[] = [];
    for await (const block of numbered(trace, photos)) {
      let at = 0;
      for await (const request of replay(block, target, signal)) {
        const one = {
          photos: block.photos.subarray(at, at + 1),
          isHigh: block.isHigh.subarray(at, ++at),
        };
        const { hits, originBytes } = await simulateEdge([one], lru, {
          form: way,
          pool: photos,
          sliceBytes: options.slice,
          overheadBytes: OVERHEAD,
          blockBytes: DISK_BLOCK,
        });
        found.push({ ...request, simulated: { hits, originBytes } });
      }
    }
    const log = program === "nginx" ? join(own, NGINX_LOG) : undefined;
    console.log(await describe(found, log));
    if (trace instanceof TraceFile) describeSkipped(trace, photos);
  }
  await origin.close();
  signal.throwIfAborted();
}

/** Why nginx may have more hits than an exact LRU. */
const LATE = "A full nginx removes what is too much every ten seconds only; " +
  "the simulator does at once.";

const PARTS: Readonly<Record<CacheWay, string>> = {
  whole: "whole files",
  slices: "slices",
  layers: "layers",
};

interface Replayed extends ReplayedRequest {
  readonly simulated: { readonly hits: number; readonly originBytes: number };
}

function madeTrace(
  photos: readonly NamedPhoto[],
  requests: number,
  seed: number,
): Trace {
  return syntheticTrace({
    photos: photos.length,
    requests,
    exponent: 0.8,
    mediumShare: 0.6,
    together: "independent",
    seed,
  });
}

async function readLog(path: string): Promise<TraceFile> {
  try {
    const { readable } = await Deno.open(path);
    return new TraceFile(readLines(readable), { form: "json" });
  } catch (error) {
    throw new UserError(
      `"${path}" cannot be read: ${systemReason(error)}.`,
    );
  }
}

/** Gives the photos of a log their numbers in the folder; skips others. */
async function* numbered(trace: Trace, photos: readonly NamedPhoto[]) {
  const places = new Map(photos.map(({ name }, i) => [name, i]));
  for await (const block of trace) {
    if (!(trace instanceof TraceFile)) {
      yield block;
      continue;
    }
    const { names } = trace;
    const known = Array.from(
      block.photos,
      (photo) => places.get(names[photo]!),
    );
    const kept = known.flatMap((place, i) => place === undefined ? [] : [i]);
    yield {
      photos: Uint32Array.from(kept, (i) => known[i]!),
      isHigh: Uint8Array.from(kept, (i) => block.isHigh[i]!),
    };
  }
}

async function describe(
  found: readonly Replayed[],
  log: string | undefined,
): Promise<string> {
  const sum = (of: (request: Replayed) => number) =>
    found.reduce((total, request) => total + of(request), 0);
  const number = (value: number) => value.toLocaleString("en");
  const hits = sum(({ isHit }) => +isHit);
  const share = (100 * hits / Math.max(1, found.length)).toFixed(1);
  const other = found.findIndex(({ isHit, originBytes, simulated }) =>
    isHit !== (simulated.hits === 1) || originBytes !== simulated.originBytes
  );
  const mixed = sum(({ isMixed }) => +isMixed);
  const logged = log && await loggedBytes(log);
  return [
    `Requests           ${number(found.length)}`,
    `Hits               ${number(hits)} (${share} %)`,
    `Bytes to clients   ${number(sum(({ clientBytes }) => clientBytes))}`,
    ...logged === undefined
      ? []
      : [`  by nginx's log   ${number(logged as number)}`],
    `Bytes from origin  ${number(sum(({ originBytes }) => originBytes))} in ` +
    `${number(sum(({ originRequests }) => originRequests))} requests`,
    ...mixed === 0
      ? []
      : [`Files that changed under the cache: ${number(mixed)} requests`],
    other < 0
      ? "The simulator's exact LRU has the same hits and bytes, request by " +
        "request."
      : `The simulator's exact LRU first differs at request ${
        other + 1
      }; its ` +
        `hits: ${number(sum(({ simulated }) => simulated.hits))}, bytes from ` +
        `the origin: ${number(sum(({ simulated }) => simulated.originBytes))}` +
        (log === undefined ? "" : `\n${LATE}`),
  ].join("\n");
}

async function loggedBytes(log: string): Promise<number> {
  const lines = (await Deno.readTextFile(log)).trim().split("\n");
  return lines.reduce((sum, line) => sum + JSON.parse(line).bytes, 0);
}

function describeSkipped(
  { names, brokenCount, broken }: TraceFile,
  photos: readonly NamedPhoto[],
): void {
  if (brokenCount > 0) {
    console.error(`Broken lines of the log, skipped: ${brokenCount}`);
    for (const { line, reason } of broken) {
      console.error(`  line ${line}: ${reason}`);
    }
  }
  const known = new Set(photos.map(({ name }) => name));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  console.error(
    `Photos of the log that are not in the folder, skipped: ` +
      `${unknown.length}, such as "${unknown[0]}"`,
  );
}

if (import.meta.main) await runTask(main);
