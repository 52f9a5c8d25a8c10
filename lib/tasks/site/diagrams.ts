/**
 * Diagrams of characters as pictures. Notebooks draw boxes, lines and arrows in
 * code blocks, which a phone would cut; a picture is scaled to its screen.
 *
 * @module
 */
import { escapeHtml } from "@/charts/mod.ts";
import { textWidth } from "@/charts/text_width.ts";

/** Pixels of a character and of a line of text. */
const [cellWidth, lineHeight] = [7, 20];

/** The size at which the wide font that is measured is as wide as the page's. */
const measuredSize = 11.3;

/** Where the lines of a character go: left, right, up, down. */
const STROKES: Readonly<Record<string, string>> = {
  "─": "lr",
  "│": "ud",
  "┌": "rd",
  "┐": "ld",
  "└": "ru",
  "┘": "lu",
  "├": "udr",
  "┤": "udl",
  "┬": "lrd",
  "┴": "lru",
  "┼": "lrud",
};

/** Quarter turns of each arrow from one that points right. */
const ARROWS: Readonly<Record<string, number>> = {
  "▶": 0,
  "▼": 90,
  "◀": 180,
  "▲": 270,
};

const strokes = Object.keys(STROKES).join("");
const signs = strokes + Object.keys(ARROWS).join("");
const words = new RegExp(`[^\\s${signs}]+(?: [^\\s${signs}]+)*`, "g");
const indentedBlock = /(?<=^|\n\n)(?: {4}.*\n?(?:\n+(?= {4}))?)+/g;

/**
 * Replaces the code blocks of Markdown that draw with lines by pictures.
 *
 * @param markdown Any Markdown.
 * @returns Markdown with SVG inside; other code is left as it is.
 * @example
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 * import { drawDiagrams } from "./diagrams.ts";
 *
 * const svg = drawDiagrams("Two ways:\n\n    code ─┬─▶ high\n          └─▶ medium\n");
 * assertStringIncludes(svg, 'aria-label="code → high; → medium"');
 * assertEquals(drawDiagrams("    let a = 1;\n"), "    let a = 1;\n");
 * ```
 */
export function drawDiagrams(markdown: string): string {
  return markdown.replace(
    indentedBlock,
    (block) =>
      new RegExp(`[${signs}]`).test(block) ? `${diagram(block)}\n` : block,
  );
}

function diagram(block: string): string {
  const lines = block.trimEnd().split("\n").map((line) => line.slice(4));
  const width = cellWidth * Math.max(...lines.map(({ length }) => length));
  const height = lineHeight * lines.length;
  const marks = lines.flatMap((line, row) => [
    ...Array.from(line, (sign, column) => lineOf(line, sign, column, row)),
    ...Array.from(line.matchAll(words), (match) => text(match, row)),
  ]).join("");
  return `<figure class="diagram"><svg role="img" aria-label="${
    escapeHtml(inWords(lines))
  }" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<g aria-hidden="true">${marks}</g></svg></figure>`;
}

/** The line or arrow of a character; nothing for letters. */
function lineOf(
  line: string,
  sign: string,
  column: number,
  row: number,
): string {
  const [x, y] = [cellWidth * (column + 0.5), lineHeight * (row + 0.5)];
  const turn = ARROWS[sign];
  if (turn !== undefined) {
    // Between words it has a stem of its own.
    const stem = line[column - 1] === " " && turn === 0
      ? `<path d="M${-cellWidth} 0H0"/>`
      : `<path d="M${-cellWidth / 2} 0H0"/>`;
    return `<g transform="translate(${x} ${y}) rotate(${turn})">${stem}` +
      `<path class="head" d="M-2-4L4 0L-2 4Z"/></g>`;
  }
  const ends: Readonly<Record<string, string>> = {
    l: `H${x - cellWidth / 2}`,
    r: `H${x + cellWidth / 2}`,
    u: `V${y - lineHeight / 2}`,
    d: `V${y + lineHeight / 2}`,
  };
  const path = [...STROKES[sign] ?? ""].map((way) => `M${x} ${y}${ends[way]}`);
  return path.length === 0 ? "" : `<path d="${path.join("")}"/>`;
}

/** Words, never wider than their characters in the drawing, in any font. */
function text({ 0: label, index }: RegExpExecArray, row: number): string {
  const width = Math.min(
    textWidth(label, measuredSize),
    label.length * cellWidth,
  );
  return `<text x="${index * cellWidth}" y="${
    lineHeight * (row + 0.5) + 4.5
  }"` +
    ` textLength="${width.toFixed(1)}" lengthAdjust="spacingAndGlyphs">` +
    `${escapeHtml(label)}</text>`;
}

/** What a screen reader says: the words and arrows, line by line. */
function inWords(lines: readonly string[]): string {
  return lines.map((line) =>
    line.replaceAll(/[▶▼]/g, "→").replaceAll(/[◀▲]/g, "←")
      .replaceAll(new RegExp(`[${strokes}]`, "g"), " ")
      .replaceAll(/\s+/g, " ").trim()
  ).filter((line) => line !== "").join("; ");
}
