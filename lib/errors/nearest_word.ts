/**
 * "Did you mean …?" for mistyped options and names.
 *
 * @module
 */
import { UserError } from "./user_error.ts";

/**
 * The Levenshtein distance: how many letters must be inserted, deleted or
 * replaced to turn `a` into `b`.
 */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * Finds the word that a mistyped one was most likely meant to be: it starts
 * with that, or at most a third of its letters (and at least one) differ.
 *
 * @param word The mistyped word.
 * @param words The known words.
 * @returns The nearest known word; `undefined` where none is near.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearestWord } from "./nearest_word.ts";
 *
 * assertEquals(nearestWord("porfile", ["profile", "steps"]), "profile");
 * assertEquals(nearestWord("colour", ["profile", "steps"]), undefined);
 * ```
 */
export function nearestWord(
  word: string,
  words: readonly string[],
): string | undefined {
  let best: string | undefined;
  let bestDistance = Infinity;
  for (const candidate of words) {
    const distance = word !== "" && candidate.startsWith(word)
      ? 0
      : editDistance(word, candidate);
    const limit = Math.max(1, Math.floor((candidate.length + 1) / 3));
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Checks the words of a command line.
 *
 * @param words The words.
 * @param known The words that are allowed.
 * @param unknown The start of the error, without the word, such as
 * `"There is no section"`.
 * @returns The allowed words that were given, in their own order; all of them
 * where none was given.
 * @throws {UserError} If a word is not allowed, with the nearest one.
 */
export function chooseWords<Word extends string>(
  words: readonly string[],
  known: readonly Word[],
  unknown: string,
): readonly Word[] {
  for (const word of words) {
    if (known.some((name) => name === word)) continue;
    const near = nearestWord(word, known);
    const hint = near === undefined
      ? `choose from ${known.join(", ")}.`
      : `did you mean "${near}"?`;
    throw new UserError(`${unknown} "${word}"; ${hint}`);
  }
  return words.length === 0
    ? known
    : known.filter((name) => words.includes(name));
}
