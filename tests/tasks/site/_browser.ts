/** The built site in a browser, for tests of it. */
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { serveFolder } from "@/edge/serve_folder.ts";

export const site = Deno.env.get("ONECODE_SITE")!;
export const pages = readdirSync(site).filter((name) => name.endsWith(".html"));
export const notebooks = pages.filter((name) => /^\d_/.test(name));
const axe = await Deno.readTextFile(
  fileURLToPath(
    import.meta.resolve("axe-core").replace(/[^/]*$/, "axe.min.js"),
  ),
);

/** What a page did beside being shown. */
export interface Visit {
  readonly page: Page;
  /** Errors and warnings of its scripts, and requests that failed. */
  readonly complaints: string[];
  /** Addresses outside of the site. */
  readonly foreign: string[];
}

export interface Look {
  readonly width: number;
  readonly scripts?: boolean;
  readonly dark?: boolean;
}

export async function withSite(
  work: (
    visit: (name: string, look: Look) => Promise<Visit>,
  ) => Promise<void>,
  { immutable = false }: { readonly immutable?: boolean } = {},
): Promise<void> {
  const server = serveFolder(site, {
    ...{ port: 0, base: "/some/where/" },
    immutable,
  });
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

export async function open(
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
export async function readThrough(page: Page): Promise<void> {
  const figures = await page.locator("figure.chart").all();
  for (const [index, figure] of figures.entries()) {
    await figure.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      `document.querySelectorAll("figure.chart")[${index}].dataset.live`,
    );
  }
}

/** Pixels that the page is wider than the screen. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate(
    `document.documentElement.scrollWidth -
     document.documentElement.clientWidth`,
  );
}

/** What axe finds that keeps people out. */
export async function barriers(page: Page): Promise<string[]> {
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
