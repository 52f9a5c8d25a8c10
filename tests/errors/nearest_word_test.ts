import { assertEquals, assertThrows } from "@std/assert";
import { chooseWords, nearestWord } from "@/errors/nearest_word.ts";
import { UserError } from "@/errors/user_error.ts";

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

Deno.test("chooseWords takes all words for none, and refuses others", () => {
  const choose = (...chosen: string[]) =>
    chooseWords(chosen, words, "There is no option");
  assertEquals(choose(), words);
  assertEquals(choose("check", "steps"), ["steps", "check"]);
  assertThrows(
    () => choose("steps", "chek"),
    UserError,
    'There is no option "chek"; did you mean "check"?',
  );
  assertThrows(
    () => choose("xyz"),
    UserError,
    'There is no option "xyz"; choose from profile, steps, no-browser, check.',
  );
});
