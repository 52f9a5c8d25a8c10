/**
 * `deno task simulate`: simulates caches in front of stored photos, with a made
 * trace or one from a file, and prints hits and bytes for each way of storing
 * them. What was simulated before is read; a stopped run resumes.
 *
 * @module
 */
import { join } from "node:path";
import { tableMarkdown } from "@/charts/table.ts";
import {
  libCacheSimPython,
  POLICIES,
  type PolicyName,
} from "@/edge/policies.ts";
import type { EdgeCounts } from "@/edge/simulate.ts";
import { syntheticTrace, type Togetherness } from "@/edge/synthetic_trace.ts";
import { type Trace, TraceFile, type TraceForm } from "@/edge/trace.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import { readStorage } from "@/evaluation/results.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { countProgress } from "@/files/progress.ts";
import { readLines } from "@/files/read_lines.ts";
import { systemReason } from "@/files/system_error.ts";
import { countOnce } from "@/sections/cdn_cache/runs.ts";
import { measuredWays, sizesOfTrace } from "@/sections/cdn_cache/sizes.ts";
import { simulatedTable } from "@/sections/cdn_cache/tables.ts";
import { EDGE_WAYS, REFERENCE } from "@/sections/cdn_cache/types.ts";
import {
  chooseWords,
  interruptSignal,
  OUT_OPTION,
  parseOptions,
  progressReporter,
  resultsFolder,
  runTask,
  SEED_OPTION,
  UserError,
} from "@/tasks/cli/mod.ts";

/** Bytes that an object takes beside its content: nginx's header, about. */
const OVERHEAD = 600;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, or the trace has no request.
 * @throws {ResultError} If no sizes of photos were measured.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task simulate [POLICY …] [--trace FILE] [--cache PERCENT]",
    description: "Simulates caches in front of photos whose sizes were " +
      `measured. Policies: ${
        Object.keys(POLICIES).join(", ")
      }; LRU by default.`,
    words: "POLICY",
    options: {
      cache: {
        type: "number",
        default: 5,
        min: 0,
        help: "size of the cache in percent of all photos as two AVIF files",
      },
      trace: {
        type: "string",
        value: "FILE",
        help: "requests from a file in place of made ones",
      },
      form: {
        type: "string",
        choices: ["json", "tencent"],
        default: "json",
        help: "form of the file's lines",
      },
      medium: {
        type: "string",
        value: "LETTERS",
        default: "m",
        help: "classes of Tencent's sizes that count as the medium image",
      },
      high: {
        type: "string",
        value: "LETTERS",
        default: "l",
        help: "classes that count as the photo; others are skipped",
      },
      requests: {
        type: "number",
        default: 100_000,
        min: 1,
        integer: true,
        help: "number of made requests",
      },
      photos: {
        type: "number",
        default: 5000,
        min: 1,
        integer: true,
        help: "number of photos that they are for",
      },
      exponent: {
        type: "number",
        default: 0.8,
        min: 0,
        help: "exponent of Zipf's law for their popularity",
      },
      "medium-share": {
        type: "number",
        default: 0.6,
        min: 0,
        max: 1,
        help: "share of requests for the medium image",
      },
      together: {
        type: "string",
        choices: ["apart", "independent", "together"],
        default: "independent",
        help: "how the sizes of one photo go together",
      },
      quality: {
        type: "number",
        default: 38,
        integer: true,
        help: "quality at which the photos were measured",
      },
      slice: {
        type: "number",
        default: 4096,
        min: 1,
        integer: true,
        help: "length of a slice in bytes",
      },
      seed: { ...SEED_OPTION, help: "seed of made requests and of sizes" },
      out: OUT_OPTION,
    },
  }, args);
  const policies = words.length === 0 ? ["LRU"] as const : chooseWords(
    words,
    Object.keys(POLICIES) as PolicyName[],
    "There is no policy",
  );
  const storage = await readStorage(join(PROJECT_ROOT, "results", "codec"));
  const ways = measuredWays(storage, options.quality);
  const source = options.trace === undefined
    ? madeTrace({
      photos: options.photos,
      requests: options.requests,
      exponent: options.exponent,
      mediumShare: options["medium-share"],
      together: options.together as Togetherness,
      seed: options.seed,
    })
    : await traceOf(options.trace, {
      form: options.form as TraceForm["form"],
      classes: { medium: options.medium, high: options.high },
    });
  const python = policies.every((policy) => policy === "LRU")
    ? undefined
    : await libCacheSimPython(
      PROJECT_ROOT,
      () => console.error("Installing libCacheSim…"),
    );
  const out = resultsFolder(options.out);
  const done = await MeasurementCache.open(join(out, "runs", "cdn_cache"));
  const reference = ways.find(({ way }) => way === REFERENCE) ?? ways[0]!;
  const cacheBytes = options.cache / 100 * source.photos *
    reference.storedBytes;
  const signal = interruptSignal();
  using progress = progressReporter();
  const found: { name: string; policy: PolicyName; counts: EdgeCounts }[] = [];
  for (const policy of policies) {
    for (const { way, photos } of ways) {
      const { name, form } = EDGE_WAYS[way];
      const onRequests = countProgress(
        `${policy}, ${name}`,
        source.requests,
        progress,
      );
      const counts = await countOnce(
        {
          trace: source.open,
          traceIdentity: source.identity,
          simulation: {
            form,
            pool: sizesOfTrace(photos, options.seed),
            sliceBytes: options.slice,
            overheadBytes: OVERHEAD,
          },
          policy,
          python,
          cacheBytes,
        },
        done,
        { signal, onRequests },
      );
      found.push({ name, policy, counts });
    }
  }
  progress.end();
  const megabytes = (cacheBytes / 1e6).toFixed(1);
  console.log(
    `${source.words}; a cache of ${megabytes} MB, cold at the start.`,
  );
  console.log(tableMarkdown(simulatedTable(found)));
}

/** Requests to simulate. */
interface TraceSource {
  /** In words, for the user. */
  readonly words: string;
  /** Opens them from the start. */
  readonly open: () => Trace;
  /** What decides them, for JSON. */
  readonly identity: unknown;
  /** How many requests there are. */
  readonly requests: number;
  /** How many photos they are for. */
  readonly photos: number;
}

function madeTrace(
  settings: Parameters<typeof syntheticTrace>[0],
): TraceSource {
  const { requests, photos } = settings;
  return {
    words: `${requests.toLocaleString("en")} made requests for ` +
      `${photos.toLocaleString("en")} photos`,
    open: () => syntheticTrace(settings),
    identity: settings,
    requests,
    photos,
  };
}

/** Reads a file once, to count what it holds and to name what is broken. */
async function traceOf(path: string, form: TraceForm): Promise<TraceSource> {
  const open = () => new TraceFile(linesOf(path), form);
  const first = open();
  let requests = 0;
  for await (const { photos } of first) requests += photos.length;
  const { brokenCount, broken, otherCount, names, meanBytes } = first;
  if (brokenCount > 0) {
    console.error(`Broken lines of "${path}", skipped: ${brokenCount}`);
    for (const { line, reason } of broken) {
      console.error(`  line ${line}: ${reason}`);
    }
  }
  if (requests === 0) {
    throw new UserError(`"${path}" holds no request of the form ${form.form}.`);
  }
  const number = (value: number) => value.toLocaleString("en");
  const { size, mtime } = await Deno.stat(path);
  return {
    words: `${number(requests)} requests for ${number(names.length)} photos` +
      (otherCount > 0
        ? `, ${number(otherCount)} for other sizes skipped`
        : "") +
      (meanBytes === undefined
        ? ""
        : `, ${number(Math.round(meanBytes))} bytes ` +
          "each where they were recorded"),
    open,
    identity: { path: await Deno.realPath(path), size, mtime, form },
    requests,
    photos: names.length,
  };
}

async function* linesOf(path: string): AsyncGenerator<string> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    throw new UserError(`"${path}" cannot be read: ${systemReason(error)}.`);
  }
  yield* readLines(file.readable);
}

if (import.meta.main) await runTask(main);
