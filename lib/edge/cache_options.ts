/**
 * What real caches are told.
 *
 * @module
 */

/** What a cache keeps: whole files, slices of them, or layers. */
export const CACHE_WAYS = ["whole", "slices", "layers"] as const;
/** One of {@linkcode CACHE_WAYS}. */
export type CacheWay = typeof CACHE_WAYS[number];

/** What a cache is started with. */
export interface CacheOptions {
  /** What it keeps; Varnish keeps whole files only. */
  readonly way: CacheWay;
  /** Address of the origin, `http://127.0.0.1:9000/`. */
  readonly origin: string;
  /** The port to listen on; 0 for any free one. */
  readonly port: number;
  /** What it holds at most, in bytes. */
  readonly cacheBytes: number;
  /** Length of a slice in bytes. */
  readonly sliceBytes: number;
  /** A folder for all its files. */
  readonly folder: string;
}
