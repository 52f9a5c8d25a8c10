/**
 * Progress as a bar and a line of text.
 *
 * @module
 */
import { escapeHtml } from "@/charts/mod.ts";
import { formatDuration, type Progress } from "@/files/progress.ts";

/**
 * Formats a progress report as a line of text.
 *
 * @param progress The report.
 * @returns One line, such as
 * `Training: 120 of 240, loss 0.0123, 45 photos per second, 0:42 left`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { progressWords } from "./mod.ts";
 *
 * assertEquals(
 *   progressWords({ phase: "Training", done: 5, total: 10, secondsLeft: 61 }),
 *   "Training: 5 of 10, 1:01 left",
 * );
 * ```
 */
export function progressWords(progress: Progress): string {
  const { phase, done, total, loss, imagesPerSecond, secondsLeft } = progress;
  const count = (value: number) => value.toLocaleString("en-US");
  const parts = total > 0
    ? [`${count(done)} of ${count(total)}`]
    : done > 0
    ? [count(done)]
    : [];
  if (loss !== undefined) parts.push(`loss ${loss.toPrecision(3)}`);
  if (imagesPerSecond !== undefined) {
    const digits = imagesPerSecond < 10 ? 1 : 0;
    parts.push(`${imagesPerSecond.toFixed(digits)} photos per second`);
  }
  if (secondsLeft !== undefined && Number.isFinite(secondsLeft)) {
    parts.push(`${formatDuration(secondsLeft)} left`);
  }
  return parts.length === 0 ? phase : `${phase}: ${parts.join(", ")}`;
}

/**
 * Draws a bar above a line of text, in the colours of the page.
 *
 * @param progress The report; a total of 0 makes a bar without a value.
 * @param words The line under the bar.
 * @returns HTML, with every value escaped.
 */
export function progressHtml(
  progress: Progress,
  words: string = progressWords(progress),
): string {
  const { phase, done, total } = progress;
  const value = total > 0
    ? ` value="${Math.min(done, total)}" max="${total}"`
    : "";
  const style = "width:min(100%,36em);height:1em;accent-color:#0072b2";
  return [
    `<progress aria-label="${escapeHtml(phase)}"${value} style="${style}">`,
    "</progress>",
    `<div style="font-variant-numeric:tabular-nums">${escapeHtml(words)}</div>`,
  ].join("");
}
