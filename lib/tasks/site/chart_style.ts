/**
 * The style of charts on dark pages.
 *
 * @module
 */
import { darkRules } from "@/charts/mod.ts";

/**
 * Rules for a page that the reader made dark, and for one that follows the
 * system.
 *
 * @returns CSS.
 */
export function chartStyle(): string {
  return [
    darkRules('body[data-theme="dark"] .chart svg'),
    "@media (prefers-color-scheme: dark) {",
    darkRules('body:not([data-theme="light"]) .chart svg'),
    "}",
    "",
  ].join("\n");
}
