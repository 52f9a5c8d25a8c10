import { assert, assertEquals } from "@std/assert";
import { darkColors, darkInk, ink, palette } from "@/charts/mod.ts";

/** WCAG's contrast of two colours, from 1 to 21. */
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

Deno.test("every colour of the charts has one for dark pages", () => {
  const light = darkColors().map(([light]) => light);
  assertEquals(light, [...Object.values(ink), ...palette]);
  assertEquals(
    new Set(darkColors().map(([, dark]) => dark)).size,
    light.length,
  );
});

Deno.test("colours stand out from dark pages as graphics and text have to", () => {
  const series = darkColors().slice(Object.keys(ink).length);
  for (const [, dark] of series) assert(contrast(dark, darkInk.paper) > 4.5);
  for (const text of [darkInk.text, darkInk.faint]) {
    assert(contrast(text, darkInk.paper) > 4.5);
  }
});
