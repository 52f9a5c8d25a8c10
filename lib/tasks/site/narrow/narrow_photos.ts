/**
 * Lays figures of photos out for narrow screens: fewer columns, the others
 * below them, and the labels of rows above their photos. A notebook holds
 * nothing but the picture of a figure, so the picture is cut along the white
 * between its photos.
 *
 *     title                             title
 *             a    b    c    d            a    b
 *     label  [  ] [  ] [  ] [  ]   ─▶   label
 *     label  [  ] [  ] [  ] [  ]         [  ] [  ]  …
 *
 * @module
 */
import {
  cropImage,
  type Pixels,
  type Rectangle,
  resizeImage,
} from "@/images/mod.ts";

/** The width up to which the text of a figure can be read on a phone. */
const most = 560;

/** The width of a phone; a figure that fits it stays as it is. */
const phone = 400;

/** White around a narrow figure, and between its parts, in pixels. */
const [margin, gap] = [12, 8];

/** What has no value below this is white, but for the noise of JPEG files. */
const white = 244;

/** Values below this are ink, in text too. */
const ink = 200;

/** Lines of text are lower than this, photos are higher. */
const leastPhoto = 28;

/** The least white between photos. */
const leastGap = 4;

/** The least white between lines; there is less above the tail of a "y". */
const leastBreak = 4;

/** Rows or columns: the first, and the one after the last. */
type Span = readonly [from: number, to: number];

/**
 * Lays a figure of photos out for a narrow screen.
 *
 * @param figure What `photoGrid` draws: photos in rows and columns, on white.
 * @returns A narrow figure, or `undefined` if the figure is narrow already or
 * its columns cannot be told apart.
 */
export async function narrowPhotos(
  figure: Pixels,
): Promise<Pixels | undefined> {
  const { width, height } = figure;
  if (width <= phone) return undefined;
  const bands = linesOf(figure, [0, width], [0, height]);
  const photoRows = bands.filter((band) => length(band) >= leastPhoto);
  const columns = photoRows.length === 0 ? [] : columnsOf(figure, photoRows);
  const pitch = columns[0] === undefined ? 0 : length(columns[0]);
  const count = Math.max(1, Math.floor((most - 2 * margin) / pitch));
  if (columns.length === 0) return undefined;
  const labels: Span = [0, columns[0]![0]];
  const photos: Span = [columns[0]![0], columns.at(-1)![1]];
  // A title begins at the left edge, headings begin over their columns.
  const title = bands[0]!;
  const isTitled = length(title) < leastPhoto &&
    trimmed(figure, [0, 2 * margin], title) !== undefined;
  const rows = linesOf(figure, photos, [isTitled ? title[1] : 0, height]);
  const heading = isTitled ? trimmed(figure, [0, width], title) : undefined;
  const parts = [heading && await atMost(heading, count * pitch)];
  for (let from = 0; from < columns.length; from += count) {
    const block: Span = [
      columns[from]![0],
      columns[Math.min(columns.length, from + count) - 1]![1],
    ];
    for (const row of rows) {
      const label = length(row) < leastPhoto
        ? undefined
        : trimmed(figure, labels, row);
      parts.push(label, cropImage(figure, rectangle(block, row)));
    }
  }
  return stacked(parts.filter((part) => part !== undefined));
}

const length = ([from, to]: Span) => to - from;

/** Rows of photos and lines of text, with some of the white around them. */
function linesOf(figure: Pixels, across: Span, down: Span): Span[] {
  const found = spans(
    length(down),
    (y) => share(figure, across, [down[0] + y, down[0] + y + 1]) > 0.015,
    leastBreak,
  );
  return found.map(([from, to], index) => {
    const above = from - (found[index - 1]?.[1] ?? 0);
    const below = (found[index + 1]?.[0] ?? length(down)) - to;
    return [
      down[0] + from - Math.min(3, Math.floor(above / 2)),
      down[0] + to + Math.min(5, Math.ceil(below / 2)), // as of a "g"
    ];
  });
}

/** The cells of the photos from left to right; none if they do not differ. */
function columnsOf(figure: Pixels, rows: readonly Span[]): Span[] {
  // Photos fill their columns, labels leave most of them white.
  const photos = spans(
    figure.width,
    (x) => rows.some((row) => share(figure, [x, x + 1], row) > 0.5),
    leastGap,
  );
  const centres = photos.map(([from, to]) => (from + to) / 2);
  const pitch = (centres.at(-1)! - centres[0]!) / (centres.length - 1);
  const isEven = photos.length > 1 &&
    photos.every((photo, index) =>
      Math.abs(length(photo) - length(photos[0]!)) <= 4 &&
      Math.abs(centres[index]! - centres[0]! - index * pitch) <= 2
    );
  return isEven
    ? centres.map((centre) => [
      Math.max(0, Math.round(centre - pitch / 2)),
      Math.min(figure.width, Math.round(centre + pitch / 2)),
    ])
    : [];
}

/** Where a test holds, from 0 to the end; gaps below the least are filled. */
function spans(
  end: number,
  holds: (index: number) => boolean,
  least = 1,
): Span[] {
  const found: [number, number][] = [];
  for (let index = 0; index < end; index++) {
    if (!holds(index)) continue;
    const last = found.at(-1);
    if (last !== undefined && index - last[1] < least) last[1] = index + 1;
    else found.push([index, index + 1]);
  }
  return found;
}

/** The share of a part that has values below a limit. */
function share(figure: Pixels, across: Span, down: Span, limit = white) {
  let marked = 0;
  for (let y = down[0]; y < down[1]; y++) {
    for (let x = across[0]; x < across[1]; x++) {
      const at = (y * figure.width + x) * 3;
      if (
        figure.data[at]! < limit || figure.data[at + 1]! < limit ||
        figure.data[at + 2]! < limit
      ) marked++;
    }
  }
  return marked / (length(across) * length(down));
}

/** A part without the white around its ink; undefined if it has none. */
function trimmed(figure: Pixels, across: Span, down: Span): Pixels | undefined {
  const hasInk = (across: Span, down: Span) =>
    share(figure, across, down, ink) > 0;
  const [columns] = spans(
    length(across),
    (x) => hasInk([across[0] + x, across[0] + x + 1], down),
    Infinity,
  );
  const [rows] = spans(
    length(down),
    (y) => hasInk(across, [down[0] + y, down[0] + y + 1]),
    Infinity,
  );
  if (columns === undefined || rows === undefined) return undefined;
  return cropImage(figure, {
    left: across[0] + columns[0],
    top: down[0] + rows[0],
    width: length(columns),
    height: length(rows),
  });
}

/** A line of text that is too long becomes smaller. */
async function atMost(text: Pixels, width: number): Promise<Pixels> {
  if (text.width <= width) return text;
  const height = Math.round(text.height * width / text.width);
  return await resizeImage(text, width, height);
}

const rectangle = (across: Span, down: Span): Rectangle => ({
  left: across[0],
  top: down[0],
  width: length(across),
  height: length(down),
});

/** Parts below one another, on white. */
function stacked(parts: readonly Pixels[]): Pixels {
  const width = Math.max(...parts.map((part) => part.width)) + 2 * margin;
  const height = parts.reduce((sum, part) => sum + part.height + gap, 0) -
    gap + 2 * margin;
  const data = new Uint8Array(width * height * 3).fill(255);
  let top = margin;
  for (const part of parts) {
    for (let y = 0; y < part.height; y++) {
      data.set(
        part.data.subarray(y * part.width * 3, (y + 1) * part.width * 3),
        ((top + y) * width + margin) * 3,
      );
    }
    top += part.height + gap;
  }
  return { width, height, data };
}
