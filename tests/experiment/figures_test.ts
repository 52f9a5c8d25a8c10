import { drawFigure, drawFigures, drawStrips } from "@/experiment/figures.ts";
import { writeStrip } from "@/experiment/photo_strip.ts";
import { publishStrips } from "@/experiment/publish_strips.ts";
import type { Figures } from "@/experiment/types.ts";
import { decodePixels } from "@/images/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { drawPhoto } from "./_photos.ts";

/** Figures that note when they are drawn. */
function noted(): { figures: Figures; drawn: string[] } {
  const drawn: string[] = [];
  const draw = (name: string) => () => {
    drawn.push(name);
    return { photos: new Uint8Array([drawn.length]), alt: `Photo of ${name}` };
  };
  return { figures: { first: draw("first"), last: draw("last") }, drawn };
}

Deno.test("only the figure that is asked for is drawn", async () => {
  const { figures, drawn } = noted();
  const figure = await drawFigure(figures, "last");
  assertEquals(figure, {
    name: "last",
    photos: new Uint8Array([1]),
    alt: "Photo of last",
  });
  assertEquals(drawn, ["last"]);
});

Deno.test("all figures are drawn in order, each when its turn comes", async () => {
  const { figures, drawn } = noted();
  const names: string[] = [];
  for await (const { name } of drawFigures(figures)) {
    names.push(name);
    assertEquals(drawn, names);
  }
  assertEquals(names, ["first", "last"]);
});

Deno.test("an unknown figure is answered with the names of all", async () => {
  await assertRejects(
    () => drawFigure(noted().figures, "lost"),
    RangeError,
    'There is no figure "lost"; the figures are first, last.',
  );
  await assertRejects(
    () => drawFigure({}, "toString"),
    RangeError,
    "the figures are none.",
  );
});

Deno.test("strips are drawn as rows, and every nth photo if asked for", async () => {
  await withFolder(async (folder) => {
    const photos = ["a", "b", "c", "d"].map((key) => drawPhoto(8, key));
    await writeStrip(`${folder}/ab.png`, photos.slice(0, 2));
    await writeStrip(`${folder}/cd.png`, photos.slice(2));
    const width = async (every: number, ...files: string[]) => {
      const drawing = await drawStrips(folder, {
        alt: "Photos",
        rows: [["row", ...files]],
        every,
        format: "png",
      });
      assert("photos" in drawing);
      assertEquals(drawing.alt, "Photos");
      return (await decodePixels(drawing.photos)).width;
    };
    const [two, four] = [
      await width(1, "ab.png"),
      await width(1, "ab.png", "cd.png"),
    ];
    assert(four > two, `${four} and ${two} pixels`);
    assertEquals(await width(2, "ab.png", "cd.png"), two);
  });
});

Deno.test("strips of runs are copied under their names in the section", async () => {
  await withFolder(async (folder) => {
    await Deno.mkdir(`${folder}/run`);
    await Deno.mkdir(`${folder}/section`);
    await Deno.writeTextFile(`${folder}/run/photos.webp`, "photos");
    await publishStrips(`${folder}/section`, [
      [`${folder}/run/photos.webp`, "fix_none.webp"],
    ]);
    assertEquals(
      await Deno.readTextFile(`${folder}/section/fix_none.webp`),
      "photos",
    );
  });
});
