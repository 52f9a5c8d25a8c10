/**
 * The work behind `preparePairs`: every photo decoded once, cut, and written.
 *
 * @module
 */
import { decodeImage, ImageError, type Pixels } from "@/images/mod.ts";
import { centreCrop, randomCrop } from "./crop.ts";
import { cutPair } from "./cut_pair.ts";
import { DatasetError } from "@/datasets/dataset_error.ts";
import { diskError } from "@/files/disk.ts";
import { PairWriter } from "./pair_file.ts";
import { pairBytes } from "./pairs.ts";
import type { PairSettings } from "./pair_settings.ts";
import {
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
import { type PhotoJob, planPairs, replanPairs } from "./plan_pairs.ts";
import { countProgress, type OnDataProgress } from "@/datasets/progress.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { sha256Hex } from "@/files/sha256.ts";

/** How {@linkcode buildPairs} works. */
export interface BuildOptions {
  /** Photos that are decoded at once. */
  readonly atOnce: number;
  /** Told how many pairs are done. */
  readonly onProgress: OnDataProgress | undefined;
  /** Stops the work. */
  readonly signal: AbortSignal | undefined;
}

/**
 * Cuts all pairs of a set and writes them to a file, which appears whole or not
 * at all. Only one process may do so for the same path at a time.
 *
 * @param set The photos.
 * @param settings How to cut them.
 * @param path The file to write.
 * @param fingerprint Noted in the file.
 * @param options How to work.
 * @throws {DatasetError} As in `preparePairs`.
 * @example
 * ```ts
 * import { openPhotoSet } from "@/datasets/mod.ts";
 * import { buildPairs } from "./build_pairs.ts";
 * import { assert } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * const set = await openPhotoSet("starter");
 * const settings = { highSize: 16, trainPairs: 0, seed: 1 };
 * await buildPairs(set, settings, path, "mine", {
 *   atOnce: 2,
 *   onProgress: undefined,
 *   signal: undefined,
 * });
 * assert((await Deno.stat(path)).size > 24 * (16 * 16 + 8 * 8) * 3);
 * await Deno.remove(path);
 * ```
 */
export async function buildPairs(
  set: PhotoSet,
  settings: PairSettings,
  path: string,
  fingerprint: string,
  options: BuildOptions,
): Promise<void> {
  requireSplits(set, settings, set.photos);
  const jobs = planPairs(set, settings);
  const slots = jobs.flatMap(({ pairs }) => pairs).length;
  const temporary = `${path}.tmp`;
  try {
    using writer = new PairWriter(temporary, settings.highSize, slots);
    const build = new Build(settings, writer, slots, options);
    await build.run(jobs);
    await build.run(replanPairs(jobs, new Set(build.failed.keys())));
    requireSplits(set, settings, build.usable(set));
    writer.finish({
      fingerprint,
      highSize: settings.highSize,
      splits: build.splits(),
      skipped: build.skipped(),
    });
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {});
    throw diskError(error, path, slots * pairBytes(settings.highSize));
  }
}

/** One run of {@linkcode buildPairs}. */
class Build {
  /** The jobs whose photo cannot be used, and why. */
  readonly failed: Map<PhotoJob, string> = new Map();
  readonly #settings: PairSettings;
  readonly #writer: PairWriter;
  readonly #options: BuildOptions;
  readonly #count: (done: number) => void;
  readonly #written: Map<number, Photo> = new Map();

  constructor(
    settings: PairSettings,
    writer: PairWriter,
    slots: number,
    options: BuildOptions,
  ) {
    this.#settings = settings;
    this.#writer = writer;
    this.#options = options;
    this.#count = countProgress("Preparing pairs", slots, options.onProgress);
  }

  /** Works through jobs, several at once; the first error stops them all. */
  async run(jobs: readonly PhotoJob[]): Promise<void> {
    const queue = jobs.values();
    const stop = new AbortController();
    const signal = this.#options.signal === undefined
      ? stop.signal
      : AbortSignal.any([stop.signal, this.#options.signal]);
    const worker = async () => {
      try {
        for (const job of queue) await this.#cut(job, signal);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    };
    const workers = Math.max(1, Math.min(this.#options.atOnce, jobs.length));
    const ends = await Promise.allSettled(
      Array.from({ length: workers }, worker),
    );
    const failure = ends.find((end) => end.status === "rejected");
    if (failure !== undefined) throw failure.reason;
  }

  async #cut(job: PhotoJob, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { highSize, seed } = this.#settings;
    const photo = await this.#decode(job);
    if (photo === undefined) return;
    const { width, height } = photo;
    for (const { slot, crop } of job.pairs) {
      const random = seededRandom(seed, job.photo.sha256, crop ?? 0);
      const square = crop === undefined
        ? centreCrop(width, height, highSize)
        : randomCrop(width, height, highSize, random);
      const { high, medium } = await cutPair(photo, square, highSize);
      signal.throwIfAborted();
      this.#writer.write(slot, high, medium);
      this.#written.set(slot, job.photo);
      this.#count(this.#written.size);
    }
  }

  async #decode(job: PhotoJob): Promise<Pixels | undefined> {
    const { path, sha256 } = job.photo;
    const { highSize } = this.#settings;
    let bytes: Uint8Array;
    try {
      bytes = await Deno.readFile(path);
    } catch (error) {
      throw new DatasetError(
        `Photo "${path}" cannot be read: ${(error as Error).message}`,
      );
    }
    if (sha256Hex(bytes) !== sha256) {
      throw new DatasetError(
        `Photo "${path}" is not the file that its checksum was taken from`,
      );
    }
    try {
      const photo = await decodeImage(bytes);
      if (Math.min(photo.width, photo.height) >= highSize) return photo;
      this.failed.set(
        job,
        `${photo.width} by ${photo.height} is too small for ${highSize}`,
      );
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      this.failed.set(job, error.message);
    }
    return undefined;
  }

  /** The photos that have not failed. */
  usable(set: PhotoSet): Photo[] {
    const failed = new Set([...this.failed.keys()].map(({ photo }) => photo));
    return set.photos.filter((photo) => !failed.has(photo));
  }

  /** The slots that were written, in order. */
  splits(): Record<Split, { names: string[]; slots: number[] }> {
    const slots = [...this.#written.keys()].toSorted((a, b) => a - b);
    const of = (split: Split) => {
      const mine = slots.filter((s) => this.#written.get(s)?.split === split);
      const names = mine.map((s) => this.#written.get(s)?.name ?? "");
      return { names, slots: mine };
    };
    return { train: of("train"), valid: of("valid"), test: of("test") };
  }

  /** What has failed, as for a user. */
  skipped(): SkippedFile[] {
    return [...this.failed]
      .map(([{ photo }, reason]) => ({ file: photo.name, reason }))
      .toSorted((a, b) => (a.file < b.file ? -1 : 1));
  }
}

function requireSplits(
  set: PhotoSet,
  { highSize, trainPairs }: PairSettings,
  usable: readonly Photo[],
): void {
  const needed = trainPairs > 0 ? splits : ["test"];
  const missing = needed.find((need) =>
    !usable.some(({ split }) => split === need)
  );
  if (missing === undefined) return;
  throw new DatasetError(
    `Photo set "${set.name}" has no usable photo to ${use[missing]}: of its ` +
      `${set.photos.length + set.skipped.length} files ${usable.length} can ` +
      `be used (readable, and at least ${highSize} pixels on each side)`,
  );
}

const use: Readonly<Record<string, string>> = {
  train: "train on",
  valid: "validate on",
  test: "test on",
};
