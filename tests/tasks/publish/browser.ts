/**
 * The built site in a real browser; `deno task test:site` runs this. The site
 * is served below a path, as a project's pages often are.
 */
import { assert, assertEquals } from "@std/assert";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { serveSite } from "@/tasks/publish/serve_site.ts";

const site = Deno.env.get("ONECODE_SITE")!;
const pages = readdirSync(site).filter((name) => name.endsWith(".html"));
const notebooks = pages.filter((name) => /^\d/.test(name));
const axe = await Deno.readTextFile(
  fileURLToPath(
    import.meta.resolve("axe-core").replace(/[^/]*$/, "axe.min.js"),
  ),
);

/** What a page did beside being shown. */
interface Visit {
  readonly page: Page;
  /** Errors and warnings of its scripts, and requests that failed. */
  readonly complaints: string[];
  /** Addresses outside of the site. */
  readonly foreign: string[];
}

interface Look {
  readonly width: number;
  readonly scripts?: boolean;
  readonly dark?: boolean;
}

async function withSite(
  work: (
    visit: (name: string, look: Look) => Promise<Visit>,
  ) => Promise<void>,
): Promise<void> {
  const server = serveSite(site, 0, "/some/where/");
  const browser = await chromium.launch({
    executablePath: Deno.env.get("CHROMIUM")!,
  });
  try {
    await work((name, look) => open(browser, server.address, name, look));
  } finally {
    await browser.close();
    await server.close();
  }
}

async function open(
  browser: Browser,
  address: string,
  name: string,
  { width, scripts = true, dark = false }: Look,
): Promise<Visit> {
  const page = await browser.newPage({
    viewport: { width, height: 900 },
    javaScriptEnabled: scripts,
    colorScheme: dark ? "dark" : "light",
  });
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on("console", (message) => {
    if (/^(error|warning)$/.test(message.type())) {
      complaints.push(message.text());
    }
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("requestfailed", (request) => complaints.push(request.url()));
  page.on("response", (response) => {
    if (response.status() >= 400) complaints.push(response.url());
  });
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url())) {
      if (!request.url().startsWith(address)) foreign.push(request.url());
    }
  });
  await page.goto(address + name);
  return { page, complaints, foreign };
}

/** Scrolls through a page until all its charts are live. */
async function readThrough(page: Page): Promise<void> {
  const figures = await page.locator("figure.chart").all();
  for (const [index, figure] of figures.entries()) {
    await figure.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      `document.querySelectorAll("figure.chart")[${index}].dataset.live`,
    );
  }
}

/** Pixels that the page is wider than the screen. */
async function overflow(page: Page): Promise<number> {
  return await page.evaluate(
    `document.documentElement.scrollWidth -
     document.documentElement.clientWidth`,
  );
}

/** What axe finds that keeps people out. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const violations = await page.evaluate(
    "axe.run().then(({ violations }) => violations)",
  ) as AxeResults["violations"];
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) =>
        `${id}: ${failureSummary}: ${html.slice(0, 200)}`
      )
    );
}

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
