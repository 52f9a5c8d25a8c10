import type { Profile } from "@/experiment/types.ts";
import { sections } from "@/sections/mod.ts";
import { highTraining, mediumTraining } from "@/sections/autoencoders/mod.ts";
import { sectionNames } from "@/sections/published.ts";
import { assert, assertEquals } from "@std/assert";

const profiles: readonly Profile[] = ["quick", "full"];

Deno.test("medium and high images have codes of one shape", () => {
  for (const profile of profiles) {
    const [medium, high] = [mediumTraining, highTraining].map((section) => {
      const { side, latentChannels, convolutional, residual } = section
        .settings(profile);
      const scale = 2 ** convolutional.widths.length;
      assertEquals(side / residual.patch, side / scale);
      return [side / scale, side / scale, latentChannels];
    });
    assertEquals(medium, [43, 43, 8]);
    assertEquals(high, medium);
  }
});

Deno.test("the full profile is the write-up's scale", () => {
  for (const section of [mediumTraining, highTraining]) {
    const { epochs, trainPairs } = section.settings("full");
    assertEquals([epochs, trainPairs], [10, 800]);
  }
});

Deno.test("results can be opened of all sections, in the same order", () => {
  assertEquals(sections.map(({ name }) => name), [...sectionNames]);
});

Deno.test("each section has a name of its own, a title and settings of JSON", () => {
  const names = sections.map((section) => section.name);
  assertEquals(new Set(names).size, names.length);
  for (const section of sections) {
    assert(section.title.length > 10, section.name);
    for (const profile of profiles) {
      const settings = section.settings(profile);
      assertEquals(JSON.parse(JSON.stringify(settings)), settings);
    }
  }
});
