/**
 * Wide things on a narrow screen.
 *
 * @module
 */
import { escapeHtml } from "@/charts/mod.ts";

/**
 * A box that scrolls sideways where its content is too wide, also by keyboard.
 *
 * @param html The content.
 * @param label What the content is, for screen readers.
 */
export function scrollBox(html: string, label: string): string {
  return `<div class="scroll" role="group" tabindex="0" aria-label="${
    escapeHtml(label)
  }">\n${html}\n</div>`;
}
