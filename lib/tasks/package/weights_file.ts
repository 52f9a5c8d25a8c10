/**
 * The weights of the npm package.
 *
 * @module
 */

/** Their path from the scripts, which the bundler fills in. */
declare const WEIGHTS: string;

/** Their address. */
export const weightsFile: URL = new URL(WEIGHTS, import.meta.url);
