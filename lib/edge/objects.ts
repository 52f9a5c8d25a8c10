/**
 * What a cache holds of a photo, and which of it a request needs.
 *
 *     files     the medium image and the photo, a file each
 *     resized   the photo; the edge scales it down at each request for less
 *     whole     one file of two layers; a miss fetches all of it
 *     slices    the same file in slices of equal length
 *     layers    the same file as two objects: the first layer, and the rest
 *
 * @module
 */
import { requireWhole } from "@/errors/invalid.ts";

/** How photos are cached. */
export type CacheForm = "files" | "resized" | "whole" | "slices" | "layers";

/** Bytes that requests for a photo send. */
export interface PhotoBytes {
  /** For the medium image: a file, or the first layer with the header. */
  readonly medium: number;
  /** For the photo: a file, or both layers. */
  readonly high: number;
}

/** A part of a photo in the cache. */
export interface CachedPart {
  /** Its number among the photo's parts. */
  readonly part: number;
  /** Bytes of its content. */
  readonly bytes: number;
}

/** The parts that requests need. */
export interface PhotoParts {
  /** For the medium image. */
  readonly medium: readonly CachedPart[];
  /** For the photo. */
  readonly high: readonly CachedPart[];
}

/**
 * Says what a cache has to hold of a photo for each size.
 *
 * @param form How photos are cached.
 * @param photo Bytes of its sizes, which are rounded up.
 * @param sliceBytes Length of a slice.
 * @returns The parts.
 * @throws {RangeError} If slices have no length.
 */
export function photoParts(
  form: CacheForm,
  photo: PhotoBytes,
  sliceBytes: number,
): PhotoParts {
  const medium = Math.ceil(photo.medium), high = Math.ceil(photo.high);
  switch (form) {
    case "files":
      return {
        medium: [{ part: 0, bytes: medium }],
        high: [{ part: 1, bytes: high }],
      };
    case "resized":
    case "whole": {
      const whole = [{ part: 0, bytes: high }];
      return { medium: whole, high: whole };
    }
    case "layers": {
      const first = { part: 0, bytes: medium };
      const rest = { part: 1, bytes: high - medium };
      // A layer without bytes is not asked for.
      const both = rest.bytes > 0 ? [first, rest] : [first];
      return { medium: [first], high: both };
    }
    case "slices": {
      requireWhole("sliceBytes", sliceBytes, 1);
      const upTo = (end: number) =>
        Array.from({ length: Math.ceil(end / sliceBytes) }, (_, part) => ({
          part,
          bytes: Math.min(sliceBytes, high - part * sliceBytes),
        }));
      return { medium: upTo(medium), high: upTo(high) };
    }
  }
}
