/**
 * Files that lie beside the pages: photos of figures, scripts, styles.
 *
 * @module
 */

/** Contents by path within the site; pages refer to them by these paths. */
export type SiteFiles = Map<string, Uint8Array<ArrayBuffer> | string>;
