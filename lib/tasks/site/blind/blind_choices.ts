/**
 * What is compared blindly, and the tally of picks.
 *
 * @module
 */

/** What the page compares. */
export interface BlindChoices {
  /** Side of a square in pixels. */
  readonly side: number;
  /** The photos, in the order of the squares in each strip. */
  readonly photos: readonly string[];
  /** Address of the originals' strip. */
  readonly original: string;
  /** The methods. */
  readonly ways: readonly {
    /** For the tally. */
    readonly name: string;
    /** What the reader is told after the pick. */
    readonly told: string;
    /** Address of its strip. */
    readonly strip: string;
  }[];
}

/** Two methods and a photo, by their indices. */
export interface BlindPair {
  /** Of the photo. */
  readonly photo: number;
  /** Of the method on the left. */
  readonly left: number;
  /** Of the method on the right. */
  readonly right: number;
}

/** How often each method was shown and picked, by its name. */
export type BlindTally = Readonly<
  Record<string, { readonly picked: number; readonly shown: number }>
>;

/**
 * Draws a pair of different methods.
 *
 * @param choices What there is.
 * @param random Gives numbers from 0 to 1, excluding 1.
 */
export function drawPair(
  { photos, ways }: BlindChoices,
  random: () => number,
): BlindPair {
  const below = (count: number) => Math.floor(random() * count);
  const left = below(ways.length);
  const other = below(ways.length - 1);
  return {
    photo: below(photos.length),
    left,
    right: other < left ? other : other + 1,
  };
}

/**
 * Tells what a pair was.
 *
 * @param choices What there is.
 * @param pair What was shown of it.
 */
export function tellPair(
  { ways }: BlindChoices,
  { left, right }: BlindPair,
): string {
  return `Left: ${ways[left]!.told}. Right: ${ways[right]!.told}.`;
}

/**
 * Counts a pick.
 *
 * @param tally What was counted before.
 * @param picked The method's name.
 * @param rejected The other one's.
 * @returns The new tally.
 */
export function countPick(
  tally: BlindTally,
  picked: string,
  rejected: string,
): BlindTally {
  const of = (name: string) => tally[name] ?? { picked: 0, shown: 0 };
  const shown = (name: string, more: number) => ({
    picked: of(name).picked + more,
    shown: of(name).shown + 1,
  });
  return {
    ...tally,
    [picked]: shown(picked, 1),
    [rejected]: shown(rejected, 0),
  };
}

/**
 * Reads a tally that was kept.
 *
 * @param text What the browser has kept; null for nothing.
 * @returns The tally; an empty one if the text is none.
 */
export function readTally(text: string | null): BlindTally {
  try {
    const tally = JSON.parse(text ?? "{}") as BlindTally;
    const isTally = Object.values(tally).every(({ picked, shown }) =>
      Number.isInteger(picked) && Number.isInteger(shown) && picked <= shown
    );
    return isTally ? tally : {};
  } catch {
    return {};
  }
}
