/**
 * A cache that forgets what was asked for least recently.
 *
 * @module
 */
import type { CachePolicy } from "./policies.ts";

/** An exact cache of objects of different sizes. */
export class LruCache implements CachePolicy {
  readonly #objects = new Map<number, number>();
  /** Goes on from the oldest object; a new one would pass all that went. */
  readonly #oldest = this.#objects.entries();
  readonly #capacity: number;
  #bytes = 0;

  /**
   * Makes an empty cache.
   *
   * @param capacity What it holds at most, in bytes.
   */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Bytes that it holds. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Number of objects that it holds. */
  get count(): number {
    return this.#objects.size;
  }

  /**
   * Asks for an object, which is kept if it is not larger than the cache.
   *
   * @param id The object.
   * @param bytes What it takes in the cache, the same each time.
   * @returns Whether it was there.
   */
  request(id: number, bytes: number): boolean {
    const isThere = this.#objects.delete(id);
    if (!isThere) {
      if (bytes > this.#capacity) return false;
      this.#bytes += bytes;
    }
    this.#objects.set(id, bytes); // as the latest
    while (this.#bytes > this.#capacity) {
      const [oldest, size] = this.#oldest.next().value!;
      this.#objects.delete(oldest);
      this.#bytes -= size;
    }
    return isThere;
  }

  /**
   * Asks for objects one after another.
   *
   * @param ids The objects.
   * @param bytes What each takes in the cache.
   * @returns 1 for each that was there, 0 for the others.
   */
  ask(ids: Float64Array, bytes: Uint32Array): Promise<Uint8Array> {
    const hits = new Uint8Array(ids.length);
    for (let i = 0; i < ids.length; i++) {
      if (this.request(ids[i]!, bytes[i]!)) hits[i] = 1;
    }
    return Promise.resolve(hits);
  }
}
