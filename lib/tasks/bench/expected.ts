/**
 * How training is expected to scale with workers, computed from measurements on
 * one machine; nothing here is a measurement.
 *
 *     t(n) = compute + exchange(n) + all-reduce(n)
 *     all-reduce(n) = 2(n-1) latency + 2(n-1)/n bytes / bandwidth
 *     exchange(n)   = 2(n-1) latency
 *
 * Each worker keeps its batch, so the time of the computation is the same, and
 * the 2(n-1) messages of a ring, one after the other, are added to it; none is
 * hidden behind the computation.
 *
 * P. Patarasuk and X. Yuan, "Bandwidth optimal all-reduce algorithms for
 * clusters of workstations", 2009.
 *
 * @module
 */

/** A step on one machine, and the network between machines. */
export interface GrowthSettings {
  /** Milliseconds of a step of one process. */
  readonly computeMs: number;
  /** Bytes of the gradients. */
  readonly gradientBytes: number;
  /** Images per step of each worker. */
  readonly batch: number;
  /** Milliseconds of an empty message, in software and network. */
  readonly latencyMs: number;
  /** Bytes per second of a message. */
  readonly bytesPerSecond: number;
}

/** What is expected of a number of machines. */
export interface GrowthPoint {
  /** Machines, one worker each. */
  readonly workers: number;
  /** Milliseconds of a step. */
  readonly stepMs: number;
  /** Images per second of all workers together. */
  readonly imagesPerSecond: number;
  /** Images per second, divided by those of as many separate processes; 0..1. */
  readonly efficiency: number;
}

/**
 * Counts the bytes that each worker of a ring sends in a step.
 *
 * @param workers The number of workers.
 * @param gradientBytes The size of the gradients.
 * @returns Bytes.
 */
export function bytesSent(workers: number, gradientBytes: number): number {
  return 2 * (workers - 1) / workers * gradientBytes;
}

/**
 * Computes the expected curve.
 *
 * @param counts Numbers of workers.
 * @param settings The step and the network.
 * @returns A point for each number of workers.
 * @example
 * ```ts
 * import { expectedGrowth } from "./expected.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const [two] = expectedGrowth([2], {
 *   computeMs: 80,
 *   gradientBytes: 1e6,
 *   batch: 10,
 *   latencyMs: 1,
 *   bytesPerSecond: 1e8 / 1.6,
 * });
 * assertEquals(two, {
 *   workers: 2,
 *   stepMs: 100, // 80 + 2 · 1 + 2 · 1 + 16
 *   imagesPerSecond: 200,
 *   efficiency: 0.8,
 * });
 * ```
 */
export function expectedGrowth(
  counts: readonly number[],
  settings: GrowthSettings,
): GrowthPoint[] {
  const { computeMs, gradientBytes, batch, latencyMs, bytesPerSecond } =
    settings;
  return counts.map((workers) => {
    const messages = workers === 1 ? 0 : 2 * (workers - 1);
    const stepMs = computeMs + 2 * messages * latencyMs +
      1000 * bytesSent(workers, gradientBytes) / bytesPerSecond;
    return {
      workers,
      stepMs,
      imagesPerSecond: 1000 * workers * batch / stepMs,
      efficiency: computeMs / stepMs,
    };
  });
}
