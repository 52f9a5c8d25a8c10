/**
 * Vega, without a warning that is no business of who draws a chart: on Node's
 * API one of Vega's dependencies for reading data from the network loads
 * `punycode`, which Node calls deprecated.
 *
 * @module
 */
import process from "node:process";

const quiet = process.noDeprecation ?? false;
process.noDeprecation = true;

/** All that `vega` exports. */
export const vega: typeof import("vega") = await import("vega");

process.noDeprecation = quiet;
