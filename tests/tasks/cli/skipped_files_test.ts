import { makePhotoSet, type Split } from "@/datasets/mod.ts";
import { folderLines, skippedLines } from "@/tasks/cli/skipped_files.ts";
import { assertEquals } from "@std/assert";

const photo = (split: Split, i: number) => {
  const name = `${split}${i}`;
  return { name, path: `/${name}`, split, sha256: name };
};

Deno.test("a folder is described with what is skipped, and few photos warn", () => {
  const three = (["train", "valid", "test"] as const).map(photo);
  const skipped = [{ file: "a.heic", reason: "HEIC files are not read" }];
  assertEquals(folderLines(makePhotoSet("mine", three, skipped)), [
    'Photos in "mine": 1 for training, 1 for validation, 1 for the test',
    "Skipped: 1",
    "  a.heic: HEIC files are not read",
    "With so few photos for validation or the test, the numbers mean " +
    "little; 50 photos or more are better.",
  ]);
  const many = (["valid", "test"] as const)
    .flatMap((split) => [1, 2, 3, 4, 5].map((i) => photo(split, i)));
  assertEquals(folderLines(makePhotoSet("mine", [...three, ...many])), [
    'Photos in "mine": 1 for training, 6 for validation, 6 for the test',
  ]);
});

Deno.test("20 skipped files are named and the rest is counted", () => {
  const files = Array.from({ length: 22 }, (_, i) => ({
    file: `${i}.gif`,
    reason: "GIF files are not read",
  }));
  const lines = skippedLines(files);
  assertEquals(lines.length, 22);
  assertEquals(lines.at(-1), "  and 2 more (deno task data FOLDER)");
});
