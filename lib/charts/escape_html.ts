/**
 * Escaping for HTML and XML.
 *
 * @module
 */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Makes a text safe inside HTML and inside a quoted attribute.
 *
 * @param value Any text.
 * @returns The text with `& < > " '` written as entities.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { escapeHtml } from "./mod.ts";
 *
 * assertEquals(escapeHtml('<b a="1">'), "&lt;b a=&quot;1&quot;&gt;");
 * ```
 */
export function escapeHtml(value: string): string {
  return value.replace(/[&<>"']/g, (letter) => entities[letter] ?? letter);
}

/**
 * Undoes {@linkcode escapeHtml}.
 *
 * @param html Escaped text.
 * @returns The text.
 */
export function unescapeHtml(html: string): string {
  return Object.entries(entities).toReversed()
    .reduce((text, [letter, name]) => text.replaceAll(name, letter), html);
}
