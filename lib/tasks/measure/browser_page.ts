/**
 * A page's script for `browser_speed.ts`: times the site's decoder in a worker.
 *
 * @module
 */
/// <reference lib="dom" />
import { parseClipHeader } from "@/codec/format/clip_header.ts";
import { median } from "@/metrics/mod.ts";
import type { BackendName, StartAnswer } from "@/web/messages.ts";
import { type WorkerCodec, workerCodec } from "@/web/worker_client.ts";

/** What to time. */
export interface BrowserQuestion {
  /** The backend; the page chooses by default. */
  readonly backend?: BackendName;
  /** Name of the file of weights in the page's folder. */
  readonly weights: string;
  /** How often each size is decoded, after once to warm up. */
  readonly rounds: number;
}

/** What was found. */
export interface BrowserAnswer extends StartAnswer {
  /** Median time in milliseconds. */
  readonly decodeHighMs: number;
  /** Median time in milliseconds. */
  readonly decodeMediumMs: number;
}

/** What to time of a clip. */
export interface ClipQuestion extends BrowserQuestion {
  /** Name of the file of weights for clips in the page's folder. */
  readonly clipWeights: string;
}

/** How fast a clip is decoded. */
export interface BrowserClipAnswer extends StartAnswer {
  /** High frames in a second. */
  readonly highFps: number;
  /** Medium frames in a second. */
  readonly mediumFps: number;
}

async function timeBackend(
  { backend, weights, rounds }: BrowserQuestion,
): Promise<BrowserAnswer> {
  return await withCodec(async (codec, folder) => {
    const started = await codec.start(folder + weights, folder, backend);
    const time = async (size: "high" | "medium") => {
      const answer = await fetch(`${folder}${size}.onecode`);
      const file = new Uint8Array(await answer.arrayBuffer());
      const times: number[] = [];
      for (let round = -1; round < rounds; round++) {
        const { milliseconds } = await codec.decode(file, size);
        if (round >= 0) times.push(milliseconds);
      }
      return median(times);
    };
    return {
      ...started,
      decodeHighMs: await time("high"),
      decodeMediumMs: await time("medium"),
    };
  });
}

/** Decodes the first group of `clip.onecode`. */
async function timeClip(
  { weights, clipWeights, rounds }: ClipQuestion,
): Promise<BrowserClipAnswer> {
  return await withCodec(async (codec, folder) => {
    const [model, clipModel] = [folder + weights, folder + clipWeights];
    const started = await codec.start(model, folder, undefined, clipModel);
    const answer = await fetch(`${folder}clip.onecode`);
    const file = new Uint8Array(await answer.arrayBuffer());
    const { headerBytes, places } = parseClipHeader(file);
    const { start, end, frames } = places[0]!;
    const header = file.slice(0, headerBytes);
    const bytes = file.slice(start, end);
    const fastest = async (size: "high" | "medium") => {
      let least = Infinity;
      for (let round = -1; round < rounds; round++) {
        const before = performance.now();
        await codec.openGroup(header, 0, bytes, size);
        while ((await codec.nextFrame()).picture !== undefined);
        if (round >= 0) least = Math.min(least, performance.now() - before);
      }
      return 1000 * frames / least;
    };
    return {
      ...started,
      highFps: await fastest("high"),
      mediumFps: await fastest("medium"),
    };
  });
}

async function withCodec<Answer>(
  work: (codec: WorkerCodec, folder: string) => Promise<Answer>,
): Promise<Answer> {
  const folder = new URL(".", location.href).href;
  const worker = new Worker(`${folder}worker.js`, { type: "module" });
  try {
    return await work(workerCodec(worker), folder);
  } finally {
    worker.terminate();
  }
}

/** What the page can be asked. */
export interface BrowserPage {
  /**
   * Times a photo.
   *
   * @param question What to time.
   * @returns What was found.
   */
  timeBackend(question: BrowserQuestion): Promise<BrowserAnswer>;
  /**
   * Times a clip.
   *
   * @param question What to time.
   * @returns What was found.
   */
  timeClip(question: ClipQuestion): Promise<BrowserClipAnswer>;
}

Object.assign(globalThis, { timeBackend, timeClip } satisfies BrowserPage);
