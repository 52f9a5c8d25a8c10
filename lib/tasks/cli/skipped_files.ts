/**
 * Names the files of a photo set that are not used.
 *
 * @module
 */
import type { PhotoSet, SkippedFile } from "@/datasets/mod.ts";

/** The number of files that are named; the rest is counted. */
const SHOWN = 20;

/** Fewer photos than this for validation or the test say little. */
const FEW = 5;

/**
 * Lists skipped files with the reasons.
 *
 * @param skipped The files.
 * @returns A line with their number, one for each of the first 20, and one for
 * the rest.
 */
export function skippedLines(skipped: readonly SkippedFile[]): string[] {
  const more = skipped.length - SHOWN;
  return [
    `Skipped: ${skipped.length}`,
    ...skipped.slice(0, SHOWN).map(({ file, reason }) =>
      `  ${file}: ${reason}`
    ),
    ...(more > 0 ? [`  and ${more} more (deno task data FOLDER)`] : []),
  ];
}

/**
 * Describes a folder of a user's photos: how many there are, which files are
 * skipped, and whether there are too few to measure by.
 *
 * @param set The folder's photos.
 * @returns Lines.
 */
export function folderLines({ name, photos, skipped }: PhotoSet): string[] {
  const count = (wanted: string) =>
    photos.filter(({ split }) => split === wanted).length;
  const [train, valid, test] = ["train", "valid", "test"].map(count);
  const isSmall = Math.min(valid!, test!) < FEW;
  return [
    `Photos in "${name}": ${train} for training, ${valid} for validation, ` +
    `${test} for the test`,
    ...(skipped.length === 0 ? [] : skippedLines(skipped)),
    ...(isSmall
      ? [
        "With so few photos for validation or the test, the numbers " +
        "mean little; 50 photos or more are better.",
      ]
      : []),
  ];
}
