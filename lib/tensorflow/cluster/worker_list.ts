/**
 * The workers of a cluster as a user names them.
 *
 * @module
 */

/** An error of a cluster, in one sentence for its user. */
export class ClusterError extends Error {
  /** The class, for stack traces. */
  override readonly name = "ClusterError";
}

/** A host's name or address (IPv6 in brackets), a colon and a port. */
const ADDRESS =
  /^(?:\[[0-9a-fA-F:.%]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*)):(\d+)$/;

/** One process of a cluster. */
export interface Membership {
  /** All workers as `host:port`, in the order of their ranks. */
  readonly workers: readonly string[];
  /** Which of them this process is, `0..workers.length - 1`. */
  readonly rank: number;
}

/**
 * Reads the options `--workers` and `--rank`.
 *
 * @param workers Such as `"10.0.0.1:2222,10.0.0.2:2222"`.
 * @param rank Which of them this process is, from 0.
 * @returns `undefined` if neither is given.
 * @throws {ClusterError} If one is missing or invalid.
 *
 * @example
 * ```ts
 * import { readMembership } from "@/tensorflow/mod.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(readMembership("a:2222,b:2222", 1), {
 *   workers: ["a:2222", "b:2222"],
 *   rank: 1,
 * });
 * assertThrows(() => readMembership("a:2222,b", 1), Error, '"b"');
 * ```
 */
export function readMembership(
  workers: string | undefined,
  rank: number | undefined,
): Membership | undefined {
  if (workers === undefined && rank === undefined) return undefined;
  if (workers === undefined) {
    throw new ClusterError(
      `Option --rank ${rank} needs --workers, the list of all workers.`,
    );
  }
  const list = workers.split(",").map((worker) => worker.trim());
  if (rank === undefined) {
    throw new ClusterError(
      `Option --workers needs --rank, which of the ${list.length} workers ` +
        `this is: 0 to ${list.length - 1}.`,
    );
  }
  const membership = { workers: list, rank };
  checkMembership(membership);
  return membership;
}

/**
 * Checks addresses and rank.
 *
 * @param membership The workers, and which of them this process is.
 * @throws {ClusterError} If an address is invalid or listed twice, or the rank
 * is not that of a worker.
 */
export function checkMembership({ workers, rank }: Membership): void {
  workers.forEach((worker, i) => {
    if (!(portOf(worker) >= 1 && portOf(worker) <= 65535)) {
      throw new ClusterError(
        `Worker ${i} is "${worker}", but needs a host and a port from 1 to ` +
          `65535, such as "10.0.0.1:2222".`,
      );
    }
    if (workers.indexOf(worker) < i) {
      throw new ClusterError(
        `Worker "${worker}" is listed twice: each needs an address of its own.`,
      );
    }
  });
  if (!Number.isInteger(rank) || rank < 0 || rank >= workers.length) {
    throw new ClusterError(
      workers.length === 1
        ? `The rank is ${rank}, but with one worker it can only be 0.`
        : `The rank is ${rank}, but with ${workers.length} workers it is ` +
          `0 to ${workers.length - 1}.`,
    );
  }
}

/**
 * Reads the port of an address.
 *
 * @param worker Such as `"10.0.0.1:2222"`.
 * @returns The port, or `NaN` if the address is invalid.
 */
export function portOf(worker: string): number {
  return Number(ADDRESS.exec(worker)?.[1] ?? NaN);
}
