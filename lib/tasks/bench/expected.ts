/**
 * How training with workers is expected to grow, computed from what was
 * measured on one machine; nothing here is a measurement.
 *
 *     t(n) = compute + exchange(n) + all-reduce(n)
 *     all-reduce(n) = 2(n-1) latency + 2(n-1)/n bytes / bandwidth
 *     exchange(n)   = 2(n-1) latency
 *
 * Each worker keeps its batch, so the time of the computation stays, and the
 * messages of a ring, 2(n-1) one after the other, come on top, none of them
 * hidden behind the computation.
 *
 * P. Patarasuk and X. Yuan, "Bandwidth optimal all-reduce algorithms for
 * clusters of workstations", 2009.
 *
 * @module
 */

/** A step as it was measured, and the way between the machines. */
export interface GrowthSettings {
  /** Milliseconds of a step of one process. */
  readonly computeMs: number;
  /** Bytes of the gradients. */
  readonly gradientBytes: number;
  /** Images a step of each worker. */
  readonly batch: number;
  /** Milliseconds of a message of no length, software and network. */
  readonly latencyMs: number;
  /** Bytes a second of a message. */
  readonly bytesPerSecond: number;
}

/** A number of machines and what is expected of them. */
export interface GrowthPoint {
  /** Machines, one worker each. */
  readonly workers: number;
  /** Milliseconds of a step. */
  readonly stepMs: number;
  /** Images a second of all workers together. */
  readonly imagesPerSecond: number;
  /** Images a second for each that as many lonely processes would do; 0..1. */
  readonly efficiency: number;
}

/** Bytes that each worker of a ring sends in a step. */
export function bytesSent(workers: number, gradientBytes: number): number {
  return 2 * (workers - 1) / workers * gradientBytes;
}

/**
 * The expected curve.
 *
 * @param counts Numbers of workers.
 *
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
