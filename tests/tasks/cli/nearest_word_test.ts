import { assertEquals } from "@std/assert";
import { nearestWord } from "@/tasks/cli/nearest_word.ts";

const words = ["profile", "steps", "no-browser", "check"];

const cases: [string, string | undefined][] = [
  ["profile", "profile"],
  ["prof", "profile"],
  ["stesp", "steps"],
  ["nobrowser", "no-browser"],
  ["chek", "check"],
  ["xyz", undefined],
  ["", undefined],
];
for (const [word, nearest] of cases) {
  Deno.test(`nearestWord takes "${word}" for ${nearest}`, () => {
    assertEquals(nearestWord(word, words), nearest);
  });
}
