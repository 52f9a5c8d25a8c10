/**
 * "Did you mean …?" for mistyped options and names.
 *
 * @module
 */

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
 * The one of `words` that `word` was most likely meant to be: it starts with
 * `word`, or at most a third of its letters (and at least one) differ.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { nearestWord } from "./nearest_word.ts";
 *
 * assertEquals(nearestWord("porfile", ["profile", "steps"]), "profile");
 * assertEquals(nearestWord("colour", ["profile", "steps"]), undefined);
 * ```
 *
 * @returns `undefined` where none is near.
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
