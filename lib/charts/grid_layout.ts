/**
 * The layout of a photo grid: where its photos and texts go.
 *
 *     title
 *                column   column   column
 *     row label  [photo]  [photo]  [photo]
 *                caption  caption  caption
 *     row label  [photo]  [photo]  [photo]
 *
 * @module
 */
import type { Pixels } from "@/images/mod.ts";
import { textWidth } from "./text_width.ts";

/** One row of photos. */
export interface PhotoRow {
  /** To the left of the row; a line break starts a new line. */
  readonly label: string;
  /** They may differ in size. */
  readonly photos: readonly Pixels[];
  /** One under each photo, such as its PSNR. */
  readonly captions?: readonly string[];
}

/** The contents of a photo grid. */
export interface GridContents {
  /** Above the figure. */
  readonly title?: string;
  /** From top to bottom. */
  readonly rows: readonly PhotoRow[];
  /** Headings over the columns. */
  readonly columns?: readonly string[];
}

/** A line of text in a figure. */
export interface PlacedText {
  /** The line. */
  readonly text: string;
  /** Left end in pixels. */
  readonly left: number;
  /** Baseline in pixels from the top. */
  readonly baseline: number;
  /** Font size in pixels. */
  readonly size: number;
  /** Whether it is bold. */
  readonly bold: boolean;
  /** Whether it is grey. */
  readonly faint: boolean;
}

/** A photo in a figure. */
export interface PlacedPhoto {
  /** The photo at its final size. */
  readonly photo: Pixels;
  /** Left edge in pixels. */
  readonly left: number;
  /** Top edge in pixels. */
  readonly top: number;
}

/** A whole figure, in pixels. */
export interface GridLayout {
  /** Width of the figure. */
  readonly width: number;
  /** Height of the figure. */
  readonly height: number;
  /** Row by row. */
  readonly photos: readonly PlacedPhoto[];
  /** Title, headings, labels and captions. */
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
 * Lays out a grid. Every cell has the size of the largest photo, or the width
 * of the widest heading or caption; photos are centred in their cells.
 *
 * @param contents The grid, its photos already at their final size.
 * @returns Places in whole pixels.
 * @throws {RangeError} If there is no photo, or there are more headings or
 * captions than photos.
 */
export function gridLayout(
  { title, rows, columns = [] }: GridContents,
): GridLayout {
  const all = rows.flatMap(({ photos }) => photos);
  const count = Math.max(0, ...rows.map(({ photos }) => photos.length));
  if (all.length === 0) {
    throw new RangeError("A photo grid needs at least one photo.");
  }
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
      offset(cellWidth, textWidth(text, textSize));
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
      const left = cellLeft(column) + offset(cellWidth, photo.width);
      photos.push({ photo, left, top: top + offset(height, photo.height) });
    });
    const captions = row.captions ?? [];
    captions.forEach((text, column) => {
      const width = textWidth(text, captionSize);
      const left = cellLeft(column) + offset(cellWidth, width);
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

/** Space before something that is centred. */
function offset(space: number, size: number): number {
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
        `${JSON.stringify(words)}.`,
    );
  }
}
