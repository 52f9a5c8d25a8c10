/**
 * A page's script for `browser_speed.ts`: times the site's decoder in a worker.
 *
 * @module
 */
/// <reference lib="dom" />
import { median } from "@/metrics/mod.ts";
import type { BackendName, StartAnswer } from "@/web/messages.ts";
import { workerCodec } from "@/web/worker_client.ts";

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

async function timeBackend(
  { backend, weights, rounds }: BrowserQuestion,
): Promise<BrowserAnswer> {
  const folder = new URL(".", location.href).href;
  const worker = new Worker(`${folder}worker.js`, { type: "module" });
  try {
    const codec = workerCodec(worker);
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
  } finally {
    worker.terminate();
  }
}

(globalThis as unknown as { timeBackend: typeof timeBackend }).timeBackend =
  timeBackend;
