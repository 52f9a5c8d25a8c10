/**
 * The gallery in a real browser: what its meter counts when photos are small, and
 * then large; `deno task test:site` runs this.
 */
import type { GalleryPhotos } from "@/web/demo_photos.ts";
import { assert, assertEquals, assertLess } from "@std/assert";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { barriers, overflow, pages, site, withSite } from "./_browser.ts";

/** Scrolls through the page until all photos are there. */
async function seeAll(page: Page): Promise<void> {
  const images = await page.locator("onecode-image").all();
  for (const [index, image] of images.entries()) {
    await image.scrollIntoViewIfNeeded();
    const one = `document.querySelectorAll("onecode-image")[${index}]`;
    await page.waitForFunction(
      `${one}.complete && /medium|high/.test(${one}.shown)`,
      null,
      { timeout: 120_000 },
    );
  }
}

async function meter(page: Page, name: string): Promise<number> {
  const text = await page.textContent(`[data-part="${name}"]`);
  return Number(text!.replaceAll(/\D/g, ""));
}

Deno.test({
  name:
    "the gallery's meter counts what small photos need, and then large ones",
  // A checkout without `measure views` has no gallery.
  ignore: !pages.includes("gallery.html"),
  fn: async () => {
    const { photos } = JSON.parse(
      await Deno.readTextFile(join(site, "demo/gallery/photos.json")),
    ) as GalleryPhotos;
    const sum = (of: (photo: typeof photos[number]) => number) =>
      photos.reduce((total, photo) => total + of(photo), 0);
    await withSite(async (visit) => {
      const { page, complaints, foreign } = await visit("gallery.html", {
        width: 1440,
      });
      await seeAll(page);
      assertEquals(await meter(page, "ours"), sum((one) => one.prefixes[1]));
      assertEquals(
        await meter(page, "avif"),
        sum((one) => one.avif.medium.bytes),
      );
      await page.getByLabel("large").check();
      await seeAll(page);
      assertEquals(await meter(page, "ours"), sum((one) => one.ours.bytes));
      assertEquals(
        await meter(page, "avif"),
        sum((one) => one.avif.medium.bytes + one.avif.high.bytes),
      );
      // What the browser has kept does not come over the network again.
      await page.reload();
      for (const size of ["small", "large"]) {
        await page.getByLabel(size).check();
        await seeAll(page);
        const fetched = [await meter(page, "ours"), await meter(page, "avif")];
        assertEquals(fetched, [0, 0]);
      }
      assertEquals([...complaints, ...foreign], []);
      assertEquals(await barriers(page), []);
      await page.setViewportSize({ width: 390, height: 800 });
      assertEquals(await overflow(page), 0);
      const column = await page.locator("onecode-image").first().boundingBox();
      assert(column !== null);
      assertLess(column.width, 390);
    }, { immutable: true });
  },
});
