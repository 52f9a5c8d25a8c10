/**
 * `<onecode-image>` in a real browser, with the scripts and photos of the site:
 * what it asks a server for, what it shows, and what it does where something is
 * wrong; `deno task test:site` runs this.
 */
import { parseHeader } from "@/codec/mod.ts";
import { type FolderAnswer, serveFolder } from "@/edge/serve_folder.ts";
import type { DemoPhotos } from "@/web/demo_photos.ts";
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { site } from "./_browser.ts";

const list = JSON.parse(
  await Deno.readTextFile(join(site, "demo", "photos.json")),
) as DemoPhotos;
const photo = list.photos.at(-1)!;
const { path } = photo.qualities[0]!.ours;
const file = await Deno.readFile(join(site, "demo", path));
const { width, height, thumbnailBytes, mediumBytes } = parseHeader(file);
const prefixes = `prefixes="${thumbnailBytes} ${mediumBytes}"`;
const [half, small] = [Math.ceil(width / 2), Math.ceil(width / 32)];
const first = `bytes=0-${mediumBytes - 1}`,
  rest = `bytes=${mediumBytes}-${file.length - 1}`;

interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** The ranges of the photo's file that the server was asked for. */
  readonly ranges: (string | null)[];
  /** Bytes of it that were sent. */
  readonly sent: () => number;
  /** Times that weights were asked for. */
  readonly weights: () => number;
}

/** Opens a page with some tags, at a width of half a photo by default. */
async function withPage(
  tags: string,
  work: (visit: Visit) => Promise<void>,
  options: BrowserContextOptions = {},
  prepare: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  const answers: FolderAnswer[] = [];
  const server = serveFolder(site, {
    port: 0,
    onAnswer: (answer) => answers.push(answer),
  });
  const browser = await chromium.launch({
    executablePath: Deno.env.get("CHROMIUM")!,
  });
  try {
    const context = await browser.newContext({
      viewport: { width: half, height: 600 },
      ...options,
    });
    const page = await context.newPage();
    const ranges: (string | null)[] = [];
    page.on("request", (request) => {
      if (!request.url().endsWith(".onecode")) return;
      ranges.push(request.headers()["range"] ?? null);
    });
    const body = `<!doctype html><title>Photos</title>
      <style>body { margin: 0 } onecode-image { width: 100% }</style>
      <script>
        happened = []; shifts = 0;
        for (const name of ["load", "error"]) {
          document.addEventListener(name, ({ target, message = "" }) => {
            if (target.localName !== "onecode-image") return;
            happened.push([name, target.shown, message].filter(Boolean).join(" "));
          }, true);
        }
        new PerformanceObserver((list) => {
          for (const { value } of list.getEntries()) shifts += value;
        }).observe({ type: "layout-shift", buffered: true });
      </script>
      <script type="module" src="demo/onecode-image.js"></script>
      ${tags}`;
    await page.route(
      "**/element.html",
      (route) => route.fulfill({ body, contentType: "text/html" }),
    );
    await prepare(page);
    await page.goto(`${server.address}element.html`);
    const of = (ending: string) =>
      answers.filter(({ path }) => path.endsWith(ending));
    await work({
      page,
      context,
      ranges,
      sent: () => of(".onecode").reduce((sum, { bytes }) => sum + bytes, 0),
      weights: () => of(".safetensors").length,
    });
  } finally {
    await browser.close();
    await server.close();
  }
}

const tag = (more = prefixes, src = `demo/${path}`, inside = "") =>
  `<onecode-image src="${src}" alt="A photo" width="${width}" height="${height}" ` +
  `${more}>${inside}</onecode-image>`;

/** Waits until events of images have happened, and returns all of them. */
async function events(page: Page, count: number): Promise<string[]> {
  await page.waitForFunction(`happened.length >= ${count}`, null, {
    timeout: 120_000,
  });
  return await page.evaluate("happened") as string[];
}

/** Width of the drawn pixels of an image. */
async function drawn(page: Page, index = 0): Promise<number> {
  return await page.evaluate(
    `document.querySelectorAll("onecode-image")[${index}]
      .shadowRoot.querySelector("canvas").width`,
  );
}

async function waitForWidth(page: Page, pixels: number): Promise<void> {
  await page.waitForFunction(
    `document.querySelector("onecode-image")
      .shadowRoot.querySelector("canvas").width === ${pixels}`,
    null,
    { timeout: 120_000 },
  );
}

Deno.test("a narrow layout takes the medium image, a wide one the rest as well", async () => {
  await withPage(tag(), async ({ page, ranges, sent }) => {
    assertEquals(await events(page, 1), ["load medium"]);
    assertEquals(await drawn(page), half);
    assertEquals([ranges, sent()], [[first], mediumBytes]);
    await page.setViewportSize({ width: half - 50, height: 600 });
    await page.setViewportSize({ width: width, height: 600 });
    assertEquals(await events(page, 2), ["load medium", "load high"]);
    assertEquals(await drawn(page), width);
    assertEquals([ranges, sent()], [[first, rest], file.length]);
    // Back and forth costs nothing.
    await page.setViewportSize({ width: half - 50, height: 600 });
    await page.setViewportSize({ width: width, height: 600 });
    assertEquals(ranges.length, 2);
    const received = await page.evaluate(
      `document.querySelector("onecode-image").receivedBytes`,
    );
    assertEquals(received, file.length);
    assertEquals(await page.evaluate("shifts"), 0);
    const label = page.getByRole("img", { name: "A photo" });
    assertEquals(await label.count(), 1);
  });
});

Deno.test("a screen with more pixels takes the high image", async () => {
  await withPage(tag(), async ({ page, ranges }) => {
    assertEquals(await events(page, 1), ["load high"]);
    assertEquals(ranges, [first, rest]);
  }, { deviceScaleFactor: 2 });
});

Deno.test("print takes the high image", async () => {
  await withPage(tag(), async ({ page, ranges }) => {
    await events(page, 1);
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    assertEquals((await events(page, 2)).at(-1), "load high");
    assertEquals(ranges, [first, rest]);
  });
});

Deno.test("without prefixes they are learned from the first bytes", async () => {
  await withPage(tag(""), async ({ page, ranges, sent }) => {
    assertEquals(await events(page, 1), ["load medium"]);
    const second = `bytes=1024-${mediumBytes - 1}`;
    assertEquals([ranges, sent()], [["bytes=0-1023", second], mediumBytes]);
  });
});

Deno.test("many images share a model, wait until they are near, and give pixels back", async () => {
  const lazy = `${prefixes} loading="lazy"`;
  const gap = `<div style="height: 6000px"></div>`;
  const tags = [tag(lazy), tag(lazy), gap, tag(lazy)].join("\n");
  await withPage(tags, async ({ page, ranges, weights }) => {
    const top = () =>
      page.evaluate(
        `Array.from(document.querySelectorAll("onecode-image"),
          (one) => one.getBoundingClientRect().top + scrollY)`,
      );
    const before = await top();
    assertEquals(await events(page, 2), ["load medium", "load medium"]);
    assertEquals(ranges, [first, first]);
    await page.evaluate("scrollTo(0, document.body.scrollHeight)");
    await events(page, 3);
    assertEquals(ranges.length, 3);
    assertEquals(await drawn(page, 2), half);
    await waitForWidth(page, small); // the first one is far away now
    await page.evaluate("scrollTo(0, 0)");
    await waitForWidth(page, half);
    assertEquals([ranges.length, weights()], [3, 1]);
    assertEquals((await events(page, 3)).length, 3);
    assertEquals(await top(), before);
    assertEquals(await page.evaluate("shifts"), 0);
  });
});

Deno.test("on a slow network the placeholder and the medium image come first", async () => {
  await withPage(tag(), async ({ page, context }) => {
    await events(page, 1); // so the decoder is there already
    const devtools = await context.newCDPSession(page);
    await devtools.send("Network.enable");
    await devtools.send("Network.emulateNetworkConditions", {
      ...{ offline: false, latency: 20, uploadThroughput: 10_000 },
      downloadThroughput: file.length / 8,
    });
    await page.setViewportSize({ width: width, height: 600 });
    const seen = await page.evaluate(`(async () => {
      const image = document.querySelector("onecode-image");
      const seen = [];
      image.src += "?again";
      while (!image.complete || image.shown !== "high") {
        if (image.shown && seen.at(-1) !== image.shown) seen.push(image.shown);
        await new Promise(requestAnimationFrame);
      }
      return [...seen, image.shown];
    })()`);
    assertEquals(seen, ["thumbnail", "medium", "high"]);
  });
});

Deno.test("without a network what is shown stays, and the rest comes later", async () => {
  await withPage(tag(), async ({ page, context, ranges }) => {
    await events(page, 1);
    await context.setOffline(true);
    await page.setViewportSize({ width: width, height: 600 });
    assertMatch((await events(page, 2))[1]!, /^error medium ./);
    assertEquals(await drawn(page), half);
    await context.setOffline(false);
    assertEquals((await events(page, 3))[2], "load high");
    assertEquals(ranges, [first, rest, rest]);
  });
});

/** Lets a server answer for the photo's file in another way. */
async function answers(
  page: Page,
  answer: (range: string, asked: number) => {
    status: number;
    body?: Uint8Array;
    headers?: Record<string, string>;
  },
): Promise<void> {
  let asked = 0;
  await page.route("**/*.onecode", (route) => {
    const range = route.request().headers()["range"] ?? "";
    const { body, ...others } = answer(range, asked++);
    return route.fulfill({
      ...others,
      ...body && { body: Buffer.from(body) },
    });
  });
}

/** The part of a file that a range names. */
function part(bytes: Uint8Array, range: string) {
  const [start, last] = range.slice("bytes=".length).split("-");
  const body = bytes.slice(Number(start), last ? Number(last) + 1 : undefined);
  const end = Number(start) + body.length - 1;
  const headers = { "content-range": `bytes ${start}-${end}/${bytes.length}` };
  return { status: 206, body, headers };
}

Deno.test("a server that ignores or refuses ranges sends the file once", async () => {
  for (const refuses of [false, true]) {
    await withPage(
      tag(),
      async ({ page, ranges }) => {
        await events(page, 1);
        await page.setViewportSize({ width: width, height: 600 });
        assertEquals(await events(page, 2), ["load medium", "load high"]);
        assertEquals(ranges, refuses ? [first, null] : [first]);
      },
      {},
      (page) =>
        answers(
          page,
          (range) =>
            refuses && range !== ""
              ? { status: 416 }
              : { status: 200, body: file },
        ),
    );
  }
});

Deno.test("a file that ends after its medium image, or changes, is shown as it is", async () => {
  await withPage(
    tag(),
    async ({ page }) => {
      await events(page, 1);
      await page.setViewportSize({ width: width, height: 600 });
      await page.waitForTimeout(1000);
      assertEquals(await events(page, 1), ["load medium"]);
      assertEquals(await drawn(page), half);
    },
    {},
    (page) =>
      answers(page, (range) => {
        const cut = file.slice(0, mediumBytes);
        return range === rest ? { status: 416 } : part(cut, range);
      }),
  );
  const others = await Promise.all(
    photo.qualities.map(({ ours }) =>
      Deno.readFile(join(site, "demo", ours.path))
    ),
  );
  const other = others.find(({ length }) => length !== file.length)!;
  await withPage(
    tag(),
    async ({ page }) => {
      await events(page, 1);
      await page.setViewportSize({ width: width, height: 600 });
      assertEquals((await events(page, 2))[1], "load high");
      const received = await page.evaluate(
        `document.querySelector("onecode-image").receivedBytes`,
      ) as number;
      assertGreater(received, other.length);
    },
    {},
    (page) =>
      answers(page, (range, asked) => part(asked === 0 ? file : other, range)),
  );
});

Deno.test("a broken file is told, and the picture inside is shown", async () => {
  const picture = `<img alt="The fallback" src="demo/${photo.original.path}">`;
  const broken = (at: number) => {
    const bytes = file.slice();
    bytes[at]! ^= 1;
    return bytes;
  };
  for (
    const [inside, bytes, message] of [
      [picture, broken(60), /^error The first layer's checksum is wrong\.$/],
      [`<noscript>${picture}</noscript>`, undefined, /404/],
      ["", new Uint8Array(0), /empty/],
    ] as const
  ) {
    await withPage(
      tag("", undefined, inside),
      async ({ page }) => {
        assertMatch((await events(page, 1))[0]!, message);
        const shown = inside === ""
          ? page.getByText("A photo")
          : page.getByRole("img", { name: "The fallback" });
        assert(await shown.isVisible());
        assertEquals(await page.getByRole("img").count(), inside ? 1 : 0);
      },
      {},
      (page) =>
        answers(
          page,
          (range) =>
            bytes === undefined
              ? { status: 404 }
              : bytes.length === 0
              ? { status: 200, body: bytes }
              : part(bytes, range),
        ),
    );
  }
  // Of the last layer: the medium image stays.
  const bytes = broken(file.length - 100);
  await withPage(
    tag(),
    async ({ page }) => {
      assertEquals(await events(page, 1), [
        "error medium A layer of the file is damaged.",
      ]);
      assertEquals(await drawn(page), half);
    },
    { viewport: { width, height: 600 } },
    (page) => answers(page, (range) => part(bytes, range)),
  );
});

Deno.test("without scripts the picture inside is shown", async () => {
  const inside = `<img alt="The fallback" src="demo/${photo.original.path}">`;
  await withPage(tag("", undefined, inside), async ({ page, ranges }) => {
    const img = page.getByRole("img", { name: "The fallback" });
    assert(await img.isVisible());
    assertEquals(ranges, []);
  }, { javaScriptEnabled: false });
});
