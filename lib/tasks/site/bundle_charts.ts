/**
 * The script that draws charts live: Vega, Vega-Lite and all else in one file.
 *
 * @module
 */
import { bundleScripts } from "./bundle_scripts.ts";

/** A script and the licences of what is in it. */
export interface ChartBundle {
  /** JavaScript that needs no other file. */
  readonly script: string;
  /** The licences of its packages, text. */
  readonly licences: string;
}

/**
 * Bundle `live_charts.ts` for browsers.
 *
 * @param root The checkout, with its `node_modules`.
 */
export async function bundleCharts(root: string): Promise<ChartBundle> {
  const { scripts, licences } = await bundleScripts(
    root,
    ["lib/tasks/site/live_charts.ts"],
    "charts.js.licences.txt",
    { format: "iife" },
  );
  return { script: scripts[0]!.text, licences };
}
