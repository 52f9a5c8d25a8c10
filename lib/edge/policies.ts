/**
 * Caches that decide in several ways what to keep: an exact LRU of our own, and
 * those of libCacheSim, in C. Its licence is GPL-3, so it runs in a process and
 * an environment of its own.
 *
 * @see https://github.com/1a1a11a/libCacheSim
 * @module
 */
import { fileURLToPath } from "node:url";
import { JsonProcess } from "@/files/json_process.ts";
import { peerPython } from "@/files/peer_python.ts";

/** A cache that is asked for objects. */
export interface CachePolicy {
  /**
   * Asks for objects one after another, each of which it may keep.
   *
   * @param ids Whole numbers.
   * @param bytes What each takes in the cache, at least 1.
   * @returns 1 for each that was there, 0 for the others.
   */
  ask(ids: Float64Array, bytes: Uint32Array): Promise<Uint8Array>;
}

/** Policies of libCacheSim by the names of its classes. */
export const POLICIES = {
  "LRU": "LRU",
  "S3-FIFO": "S3FIFO",
  "SIEVE": "Sieve",
  "W-TinyLFU": "WTinyLFU",
  "GDSF": "GDSF",
} as const;

/** The name of a policy. */
export type PolicyName = keyof typeof POLICIES;

/** A cache in a process; dispose of it to end that. */
export type RunningPolicy = CachePolicy & AsyncDisposable;

/**
 * Finds a Python with libCacheSim, which the first call installs.
 *
 * @param root The checkout.
 * @param onInstall Called before it is installed, which takes seconds.
 * @returns Path of the interpreter.
 * @throws {UserError} If it cannot be installed, such as on a platform without
 * a binary of it.
 */
export async function libCacheSimPython(
  root: string,
  onInstall: () => void,
): Promise<string> {
  const packages = ["libcachesim==0.3.5", "numpy"];
  const wanted = { folder: "cachesim-venv", name: "libCacheSim", packages };
  return await peerPython(root, wanted, onInstall);
}

/**
 * Starts a cache of libCacheSim.
 *
 * @param python Path of a Python that has libCacheSim.
 * @param policy What it keeps.
 * @param capacity What it holds at most, in bytes.
 * @returns The cache, empty.
 */
export function startPolicy(
  python: string,
  policy: PolicyName,
  capacity: number,
): RunningPolicy {
  const script = fileURLToPath(new URL("policies_peer.py", import.meta.url));
  const process = new JsonProcess(python, {
    args: [script, POLICIES[policy], `${Math.floor(capacity)}`],
    env: { PYTHONDONTWRITEBYTECODE: "1" },
    stderr: "null", // It warns of each object that is larger than the cache.
  });
  return {
    ask: async (ids, bytes) => {
      const answer = await process.ask({
        ids: base64(BigUint64Array.from(ids, BigInt)),
        bytes: base64(bytes),
      });
      if (answer === undefined) {
        throw new Error(`libCacheSim ended with ${policy} in "${python}".`);
      }
      return Uint8Array.fromBase64(answer as string);
    },
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}

function base64({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)
    .toBase64();
}
