/**
 * The work behind `preparePairs`: decodes every photo once, cuts it and writes
 * its pairs.
 *
 * @module
 */
import { asWriteError, DatasetError } from "@/datasets/photos/dataset_error.ts";
import {
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
import { replaceFile } from "@/files/atomic_write.ts";
import { mapAtOnce } from "@/files/map_at_once.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { systemReason } from "@/files/system_error.ts";
import { decodePixels, ImageError, type Pixels } from "@/images/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { centreCrop, cutPair, randomCrop } from "./crop.ts";
import type { PairManifest } from "./pair_file.ts";
import { pairBytes } from "./pairs.ts";
import {
  type PairSettings,
  type PhotoJob,
  planPairs,
  replanPairs,
} from "./plan_pairs.ts";
import { SlotWriter } from "./slot_file.ts";

/** Choices of `preparePairs`. */
export interface PrepareOptions {
  /** Receives the number of pairs that are done. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops the work and leaves nothing half-written. */
  readonly signal?: AbortSignal | undefined;
  /** Keeps the prepared pairs; `data/cache` by default. */
  readonly cacheFolder?: string;
  /** Number of photos decoded at once; the number of cores by default. */
  readonly atOnce?: number;
}

/** Choices of {@linkcode buildPairs}, besides those of `preparePairs`. */
export interface BuildPairsOptions extends PrepareOptions {
  /** The file to write. */
  readonly path: string;
  /** What the pairs are made from; noted in the file. */
  readonly fingerprint: string;
}

/**
 * Cuts all pairs of a set and writes them to a file, which appears complete or
 * not at all. Only one process at a time may do so for the same path.
 *
 * @param set The photos.
 * @param settings How to cut them.
 * @param options What to write, who watches, and who may stop.
 * @throws {DatasetError} As `preparePairs` does.
 */
export async function buildPairs(
  set: PhotoSet,
  settings: PairSettings,
  options: BuildPairsOptions,
): Promise<void> {
  requireSplits(set, settings, set.photos);
  const { path, fingerprint } = options;
  const { highSize } = settings;
  const jobs = planPairs(set, settings);
  const slots = jobs.flatMap(({ pairs }) => pairs).length;
  try {
    await replaceFile(path, async (temporary) => {
      using writer = new SlotWriter(temporary, pairBytes(highSize), slots);
      const build = new Build(settings, writer, slots, options);
      await build.run(jobs);
      await build.run(replanPairs(jobs, new Set(build.failed.keys())));
      requireSplits(set, settings, build.usable(set));
      writer.finish<PairManifest>({
        fingerprint,
        highSize,
        splits: build.splits(),
        skipped: build.skipped(),
      });
    });
  } catch (error) {
    throw asWriteError(error, path, slots * pairBytes(highSize));
  }
}

/** One run of {@linkcode buildPairs}. */
class Build {
  /** The jobs whose photo cannot be used, and why. */
  readonly failed: Map<PhotoJob, string> = new Map();
  readonly #settings: PairSettings;
  readonly #writer: SlotWriter;
  readonly #options: BuildPairsOptions;
  readonly #count: (done: number) => void;
  readonly #written: Map<number, Photo> = new Map();

  constructor(
    settings: PairSettings,
    writer: SlotWriter,
    slots: number,
    options: BuildPairsOptions,
  ) {
    this.#settings = settings;
    this.#writer = writer;
    this.#options = options;
    this.#count = countProgress("Preparing pairs", slots, options.onProgress);
  }

  /** Does jobs, several at once; after an error no others are started. */
  async run(jobs: readonly PhotoJob[]): Promise<void> {
    await mapAtOnce(jobs, (job) => this.#cut(job), this.#options.atOnce);
  }

  async #cut(job: PhotoJob): Promise<void> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    const { highSize, seed } = this.#settings;
    const photo = await this.#decode(job);
    if (photo === undefined) return;
    const { width, height } = photo;
    for (const { slot, crop } of job.pairs) {
      const random = seededRandom(seed, job.photo.sha256, crop ?? 0);
      const square = crop === undefined
        ? centreCrop(width, height, highSize)
        : randomCrop(width, height, highSize, random);
      const pair = await cutPair(photo, square, highSize);
      signal?.throwIfAborted();
      this.#writer.write(slot, pair.high, pair.medium);
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
        `Photo "${path}" could not be read: ${systemReason(error)}.`,
      );
    }
    if (sha256Hex(bytes) !== sha256) {
      throw new DatasetError(
        `Photo "${path}" does not match its checksum; it has changed.`,
      );
    }
    try {
      const photo = await decodePixels(bytes);
      if (Math.min(photo.width, photo.height) >= highSize) return photo;
      this.failed.set(
        job,
        `${photo.width} by ${photo.height} is too small for ${highSize}`,
      );
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      this.failed.set(job, error.message.replace(/\.$/, ""));
    }
    return undefined;
  }

  /** The photos that have not failed. */
  usable(set: PhotoSet): Photo[] {
    const failed = new Set([...this.failed.keys()].map(({ photo }) => photo));
    return set.photos.filter((photo) => !failed.has(photo));
  }

  /** The slots that were written, in order, by split. */
  splits(): Record<Split, { names: string[]; slots: number[] }> {
    const slots = [...this.#written.keys()].toSorted((a, b) => a - b);
    const of = (split: Split) => {
      const mine = slots.filter((s) => this.#written.get(s)?.split === split);
      const names = mine.map((s) => this.#written.get(s)?.name ?? "");
      return { names, slots: mine };
    };
    return { train: of("train"), valid: of("valid"), test: of("test") };
  }

  /** The photos that have failed, in words for a user. */
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
  const needed = trainPairs > 0 ? splits : ["test" as const];
  const missing = needed.find((split) =>
    !usable.some((photo) => photo.split === split)
  );
  if (missing === undefined) return;
  throw new DatasetError(
    `Photo set "${set.name}" has no usable photo to ${use[missing]}: of its ` +
      `${set.photos.length + set.skipped.length} files ${usable.length} can ` +
      `be used (readable, and at least ${highSize} pixels on each side).`,
  );
}

const use: Readonly<Record<Split, string>> = {
  train: "train on",
  valid: "validate on",
  test: "test on",
};
