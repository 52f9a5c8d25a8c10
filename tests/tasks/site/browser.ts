/**
 * The built site in a real browser; `deno task test:site` runs this. The site
 * is served below a path, as a project's pages often are.
 */
import { assert, assertEquals } from "@std/assert";
import {
  barriers,
  notebooks,
  overflow,
  pages,
  readThrough,
  withSite,
} from "./_browser.ts";

Deno.test("every page is sound on a phone and on a desk", async (t) => {
  await withSite(async (visit) => {
    for (const name of pages) {
      for (const look of [{ width: 360, dark: true }, { width: 1440 }]) {
        await t.step(`${name}, ${look.width} px wide`, async () => {
          const { page, complaints, foreign } = await visit(name, look);
          await readThrough(page);
          assertEquals(await overflow(page), 0, "wider than the screen");
          assertEquals(await barriers(page), []);
          assertEquals([...complaints, ...foreign], []);
          await page.close();
        });
      }
    }
  });
});

Deno.test("every page can be read without scripts", async (t) => {
  await withSite(async (visit) => {
    for (const name of ["index.html", ...notebooks]) {
      await t.step(name, async () => {
        const look = { width: 360, scripts: false };
        const { page, complaints, foreign } = await visit(name, look);
        assertEquals([...complaints, ...foreign], []);
        assert(await page.locator("h1").first().isVisible());
        for (const figure of await page.locator("figure.chart").all()) {
          assert(await figure.locator("svg").first().isVisible());
          await figure.locator("summary").click();
          assert(await figure.locator("table").isVisible());
        }
        for (const code of await page.locator("details.hide").all()) {
          await code.locator("summary").click();
          assert(await code.locator("pre").isVisible());
        }
        await page.close();
      });
    }
  });
});

Deno.test("a chart shows its value under the pointer", async () => {
  await withSite(async (visit) => {
    const { page } = await visit("index.html", { width: 1440 });
    await readThrough(page);
    const marks = page.locator(
      "figure.chart .mark-rect.role-mark path, figure.chart path.background + g .mark-symbol path",
    );
    await marks.first().hover({ force: true });
    const tooltip = page.locator("#vg-tooltip-element.visible");
    await tooltip.waitFor();
    assert(/\d/.test(await tooltip.innerText()));
  });
});

Deno.test("a chart follows the width of the screen", async () => {
  await withSite(async (visit) => {
    const { page } = await visit("index.html", { width: 1440 });
    await readThrough(page);
    await page.setViewportSize({ width: 360, height: 800 });
    const svg = page.locator("figure.chart svg").first();
    await page.waitForFunction(
      "document.querySelector('figure.chart').dataset.live < 360",
    );
    assert(Number(await svg.getAttribute("width")) < 360);
  });
});

Deno.test("the links between pages lead to them", async () => {
  await withSite(async (visit) => {
    const { page } = await visit("index.html", { width: 1440 });
    for (const name of notebooks) {
      await page.locator(`article a[href="${name}"]`).first().click();
      await page.waitForURL(`**/${name}`);
      await page.goBack();
    }
  });
});

Deno.test("the search finds a notebook", async () => {
  await withSite(async (visit) => {
    const { page } = await visit("index.html", { width: 1440 });
    await page.locator("input.sidebar-search").fill("autoencoder");
    await page.locator("input.sidebar-search").press("Enter");
    await page.locator("#search-results li a").first().waitFor();
  });
});
