/**
 * Where the photos and words of a photo grid go.
 *
 * @module
 */
import type { Pixels } from "@/images/mod.ts";
import type { PhotoGridOptions } from "./photo_grid.ts";
import { textWidth } from "./text_width.ts";

/** A line of text, its left end and baseline in pixels. */
export interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly baseline: number;
  readonly size: number;
  readonly bold: boolean;
  readonly faint: boolean;
}

/** A photo and its top left corner in pixels. */
export interface PlacedPhoto {
  readonly photo: Pixels;
  readonly left: number;
  readonly top: number;
}

/** A whole figure, in pixels. */
export interface GridLayout {
  readonly width: number;
  readonly height: number;
  readonly photos: readonly PlacedPhoto[];
  readonly texts: readonly PlacedText[];
}

const margin = 16;
const gap = 8;
const labelGap = 14;
const titleSize = 16;
const textSize = 13;
const captionSize = 12;
const lineHeight = 18;

/**
 * Lay out a grid. Every cell has the size of the largest photo, or the width
 * of the widest heading or caption; photos stand in the middle of their cells.
 *
 * @param options The grid, its photos already at their final size.
 * @returns Places in whole pixels.
 * @throws {RangeError} When there is no photo, or there are more headings or
 * captions than photos.
 */
export function gridLayout(options: PhotoGridOptions): GridLayout {
  const { title, rows, columns = [] } = options;
  const all = rows.flatMap(({ photos }) => photos);
  const count = Math.max(0, ...rows.map(({ photos }) => photos.length));
  if (all.length === 0) throw new RangeError("A photo grid needs a photo");
  refuseMore("headings", columns, count);
  for (const { photos, captions = [] } of rows) {
    refuseMore("captions", captions, photos.length);
  }
  const captionWidths = rows.flatMap(({ captions = [] }) => captions)
    .map((text) => textWidth(text, captionSize));
  const cellWidth = Math.ceil(Math.max(
    ...all.map((photo) => photo.width),
    ...columns.map((text) => textWidth(text, textSize)),
    ...captionWidths,
  ));
  const labels = rows.map(({ label }) => label ? label.split("\n") : []);
  const labelWidth = Math.ceil(Math.max(
    0,
    ...labels.flat().map((line) => textWidth(line, textSize)),
  ));
  const gridLeft = margin + (labelWidth > 0 ? labelWidth + labelGap : 0);
  const cellLeft = (column: number) => gridLeft + column * (cellWidth + gap);
  const photos: PlacedPhoto[] = [];
  const texts: PlacedText[] = [];
  let top = margin;
  if (title) {
    texts.push(place(title, margin, top + titleSize, titleSize, true));
    top += titleSize + margin;
  }
  columns.forEach((text, column) => {
    const left = cellLeft(column) +
      middle(cellWidth, textWidth(text, textSize));
    texts.push(place(text, left, top + textSize, textSize));
  });
  if (columns.length > 0) top += lineHeight + 4;
  rows.forEach((row, index) => {
    const rowHeight = Math.max(0, ...row.photos.map(({ height }) => height));
    const lines = labels[index] ?? [];
    const height = Math.max(rowHeight, lines.length * lineHeight);
    const first = top + (height - lines.length * lineHeight) / 2 + textSize;
    lines.forEach((line, number) => {
      const baseline = Math.round(first + number * lineHeight);
      texts.push(place(line, margin, baseline, textSize));
    });
    row.photos.forEach((photo, column) => {
      const left = cellLeft(column) + middle(cellWidth, photo.width);
      photos.push({ photo, left, top: top + middle(height, photo.height) });
    });
    const captions = row.captions ?? [];
    captions.forEach((text, column) => {
      const width = textWidth(text, captionSize);
      const left = cellLeft(column) + middle(cellWidth, width);
      const baseline = top + height + captionSize + 4;
      texts.push({ ...place(text, left, baseline, captionSize), faint: true });
    });
    top += height + (captions.length > 0 ? lineHeight + 2 : 0) + gap;
  });
  const right = cellLeft(count) - gap;
  const titleWidth = title ? margin + textWidth(title, titleSize, true) : 0;
  return {
    width: Math.ceil(Math.max(right, titleWidth)) + margin,
    height: top - gap + margin,
    photos,
    texts,
  };
}

function middle(space: number, size: number): number {
  return Math.max(0, Math.round((space - size) / 2));
}

function place(
  text: string,
  left: number,
  baseline: number,
  size: number,
  bold = false,
): PlacedText {
  return { text, left, baseline, size, bold, faint: false };
}

function refuseMore(
  what: string,
  words: readonly string[],
  count: number,
): void {
  if (words.length > count) {
    throw new RangeError(
      `There are ${words.length} ${what} for ${count} photos: ` +
        `${JSON.stringify(words)}`,
    );
  }
}
