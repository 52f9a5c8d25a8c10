/**
 * Colours shared by every figure. The first seven are those of Okabe and Ito,
 * which readers with any common colour blindness can tell apart; charts use
 * them in an order that puts the two strongest first. Charts never rely on
 * colour alone: lines also differ by dash, points by shape.
 *
 * Charts have the colours of a light page as attributes, and style rules
 * override them on a dark page.
 *
 * Source: M. Okabe and K. Ito, "Color universal design" (2008).
 *
 * @module
 */

/** Series colours in the order of use, as CSS hex. Ours comes first. */
export const palette: readonly string[] = Object.freeze([
  "#0072b2", // blue
  "#d55e00", // vermilion
  "#009e73", // bluish green
  "#cc79a7", // reddish purple
  "#a07c00", // yellow, darkened to read on white
  "#3f9fd0", // sky blue, darkened likewise
  "#555555", // grey
  "#6a3d9a", // violet
  "#8c3b2a", // brown
]);

/** Dash patterns that go with {@link palette}, in pixels on and off. */
export const dashes: readonly (readonly number[])[] = Object.freeze([
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 2],
  [10, 3],
  [1, 3],
  [12, 3, 2, 3],
  [3, 6],
]);

/** Point pointShapes that go with {@link palette}, by Vega's names. */
export const pointShapes: readonly string[] = Object.freeze([
  "circle",
  "square",
  "triangle-up",
  "diamond",
  "cross",
  "triangle-down",
  "triangle-right",
  "triangle-left",
  "M-1,-0.4L0,-1L1,-0.4L0.6,0.8L-0.6,0.8Z", // a pentagon
]);

/**
 * Colours of everything that is not data. The background is an opaque white
 * card, which reads the same on a light page, on a dark page and on paper.
 */
export const ink: {
  /** Background. */
  readonly paper: string;
  /** Titles and labels. */
  readonly text: string;
  /** Second lines and axes. */
  readonly faint: string;
  /** Grid. */
  readonly line: string;
} = Object.freeze({
  paper: "#ffffff",
  text: "#1f2328",
  faint: "#57606a",
  line: "#d8dee4",
});

/** For each colour of {@link palette}, one of its hue for dark pages. */
const darkSeries = [
  "#4aa3df", // blue
  "#f0803c", // vermilion
  "#2dbf93", // bluish green
  "#dd9cc0", // reddish purple
  "#e0c14a", // yellow
  "#8fd0f5", // sky blue
  "#b4b4b4", // grey
  "#a98fe0", // violet
  "#d08770", // brown
];

/** Colours of everything that is not data, for dark pages. */
export const darkInk: Readonly<Record<keyof typeof ink, string>> = Object
  .freeze({
    paper: "#131416",
    text: "#e6e9ed",
    faint: "#9aa4af",
    line: "#363b42",
  });

/**
 * Lists the colours of charts and what replaces each on a dark page.
 *
 * @returns Pairs of CSS hex colours, light and dark.
 */
export function darkColors(): [light: string, dark: string][] {
  const keys = Object.keys(ink) as (keyof typeof ink)[];
  return [
    ...keys.map((key): [string, string] => [ink[key], darkInk[key]]),
    ...palette.map((light, index): [string, string] => [
      light,
      darkSeries[index] ?? light,
    ]),
  ];
}

/**
 * Writes style rules that give charts their dark colours.
 *
 * @param selector Of an element that holds the charts, such as
 * `"body.dark .chart"`.
 * @returns CSS.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { darkRules } from "./mod.ts";
 *
 * const css = darkRules(".dark");
 * assert(css.includes('.dark [fill="#0072b2"] { fill: #4aa3df; }'));
 * ```
 */
export function darkRules(selector: string): string {
  return darkColors().flatMap(([light, dark]) =>
    ["fill", "stroke"].map((property) =>
      `${selector} [${property}="${light}"] { ${property}: ${dark}; }`
    )
  ).join("\n");
}
