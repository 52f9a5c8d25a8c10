/**
 * The alt text of a chart.
 *
 * @module
 */
import type { Chart } from "./chart.ts";

/**
 * Words for a reader who cannot see the chart: its title and description.
 *
 * @param spec A chart of this room.
 * @returns One line of plain text, not escaped.
 */
export function chartAlt(spec: Chart): string {
  return [spec.title.text, spec.description].filter(Boolean).join(". ");
}
