import {
  type BlindChoices,
  countPick,
  drawPair,
  readTally,
  tellPair,
} from "@/tasks/site/blind/blind_choices.ts";
import { blindPage } from "@/tasks/site/blind/blind_page.ts";
import { withFolder } from "../../../_folder.ts";
import { join } from "node:path";
import { seededRandom } from "@/random/seeded_random.ts";
import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";

const choices: BlindChoices = {
  side: 10,
  photos: ["a", "b"],
  original: "original.webp",
  ways: ["x", "y", "z"].map((name) => ({
    name,
    told: `the way ${name}`,
    strip: `${name}.webp`,
  })),
};

Deno.test("each pair of different methods comes up on both sides, on each photo", () => {
  const random = seededRandom("pairs");
  const seen = new Set<string>();
  for (let i = 0; i < 500; i++) {
    const { photo, left, right } = drawPair(choices, random);
    assertNotEquals(left, right);
    assert([0, 1, 2].includes(left) && [0, 1, 2].includes(right));
    seen.add([photo, left, right].join());
  }
  assertEquals(seen.size, 2 * 3 * 2);
});

Deno.test("a pick counts for one method and is shown for both", () => {
  const once = countPick({}, "x", "y");
  assertEquals(once, {
    x: { picked: 1, shown: 1 },
    y: { picked: 0, shown: 1 },
  });
  assertEquals(
    tellPair(choices, { photo: 0, left: 2, right: 0 }),
    "Left: the way z. Right: the way x.",
  );
  assertEquals(countPick(once, "y", "x"), {
    x: { picked: 1, shown: 2 },
    y: { picked: 1, shown: 2 },
  });
});

Deno.test("a tally is read back, and anything else counts as none", () => {
  const tally = countPick({}, "x", "y");
  assertEquals(readTally(JSON.stringify(tally)), tally);
  for (const text of [null, "", "[[", "null", '{"x":{"picked":2,"shown":1}}']) {
    assertEquals(readTally(text), {});
  }
});

Deno.test("the page has the squares, and names no method above them", async () => {
  await withFolder(async (root) => {
    const folder = join(root, "results", "generative");
    assertEquals(await blindPage(root, new Map()), undefined);
    await Deno.mkdir(folder, { recursive: true });
    const result = {
      metrics: { examples: ["heron"] },
      settings: { shown: { side: 32 } },
    };
    await Deno.writeTextFile(
      join(folder, "result.json"),
      JSON.stringify(result),
    );
    const strips = [
      "adversarial",
      "drawn",
      "lanczos",
      "least_error",
      "original",
    ].map((name) => `${name}_details.webp`);
    for (const strip of strips) {
      assertEquals(await blindPage(root, new Map()), undefined);
      await Deno.writeFile(join(folder, strip), Uint8Array.of(1));
    }
    const files = new Map<string, Uint8Array<ArrayBuffer> | string>();
    const page = await blindPage(root, files);
    assertEquals(
      [...files.keys()].toSorted(),
      strips.map((strip) => `blind/${strip}`),
    );
    const [before, after] = page!.split("<script");
    assertEquals(after!.match(/whose fine detail is made up/g)?.length, 2);
    assertStringIncludes(before!, '<div id="blind" hidden>');
    for (const name of ["adversarial", "Lanczos", "one draw"]) {
      assert(!before!.includes(name), name);
    }
  });
});
