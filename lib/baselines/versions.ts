import sharp from "sharp";

/** Versions of the libraries that JPEG, WebP and AVIF are made with. */
export interface LibraryVersions {
  /** The npm package of all three. */
  readonly sharp: string;
  /** In sharp, for JPEG. */
  readonly mozjpeg: string;
  /** In sharp, for WebP. */
  readonly webp: string;
  /** In sharp, for AVIF. */
  readonly aom: string;
}

/**
 * Asks sharp what it was built with.
 *
 * @example
 * ```ts
 * import { libraryVersions } from "./mod.ts";
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch(libraryVersions().webp, /^\d+\.\d+/);
 * ```
 */
export function libraryVersions(): LibraryVersions {
  const { sharp: own, mozjpeg, webp, aom } = sharp.versions as Record<
    string,
    string | undefined
  >;
  const known = (version: string | undefined) => version ?? "unknown";
  return {
    sharp: known(own),
    mozjpeg: known(mozjpeg),
    webp: known(webp),
    aom: known(aom),
  };
}
