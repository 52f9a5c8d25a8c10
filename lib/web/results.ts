/**
 * What came out, as elements of the page.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Shown } from "./compare.ts";

const count = (value: number) => value.toLocaleString("en-US");
const bitsPerPixel = (bytes: number, pixels: number) =>
  (8 * bytes / pixels).toFixed(3);

/** An item of a list: what it is, its bytes, and the time that it took. */
export function resultLine(
  what: string,
  bytes: number,
  { pixels, milliseconds }: {
    readonly pixels: number;
    readonly milliseconds?: number;
  },
): HTMLElement {
  const line = document.createElement("li");
  const time = milliseconds === undefined
    ? ""
    : `, ${milliseconds.toFixed(0)} ms`;
  const bits = bitsPerPixel(bytes, pixels);
  line.textContent = `${what}: ${
    count(bytes)
  } bytes, ${bits} bits a pixel${time}`;
  return line;
}

/** A row of a table: name, bytes, bits a pixel, PSNR. */
export function resultRow(
  { name, bytes = 0, psnrDb }: Shown,
  pixels: number,
): HTMLElement {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  const cells = [
    count(bytes),
    bitsPerPixel(bytes, pixels),
    psnrDb === undefined ? "" : psnrDb.toFixed(2),
  ].map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  });
  row.append(head, ...cells);
  return row;
}
