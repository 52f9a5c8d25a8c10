/**
 * The demo in a real browser: its files decode to what Deno decodes, on every
 * backend that the browser has; `deno task test:site` runs this.
 */
import {
  decodeImage,
  type LoadedModel,
  loadModel,
  parseHeader,
  readWeights,
} from "@/codec/mod.ts";
import { type DemoPhotos, weightsName } from "@/web/demo_photos.ts";
import { decodePixels, encodePixels } from "@/images/mod.ts";
import "@/tensorflow/mod.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { drawPicture } from "../../codec/_tiny_model.ts";
import { barriers, overflow, site, withSite } from "./_browser.ts";

const read = (path: string) => Deno.readFile(join(site, "demo", path));
const list = JSON.parse(
  new TextDecoder().decode(await read("photos.json")),
) as DemoPhotos;

async function withModel(
  work: (loaded: LoadedModel) => Promise<void>,
): Promise<void> {
  const loaded = loadModel(readWeights(await read(weightsName(list.model))));
  try {
    await work(loaded);
  } finally {
    loaded.dispose();
  }
}

async function finished(page: Page): Promise<void> {
  await page.waitForSelector(
    "#demo[data-state=done], #demo[data-state=failed]",
    {
      timeout: 180_000,
    },
  );
}

async function choose(page: Page, part: string, value: string): Promise<void> {
  await page.selectOption(`[data-part="${part}"]`, value);
  await finished(page);
}

/** RGB of the canvas of a side, 0 the left one. */
async function pixels(page: Page, side: 0 | 1): Promise<number[]> {
  return await page.evaluate(`(() => {
    const canvas = document.querySelectorAll(".demo-stage canvas")[${side}];
    const { width, height } = canvas;
    // A copy, as the browser would complain about reading the canvas itself.
    const copy = new OffscreenCanvas(width, height)
      .getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    return Array.from(data).filter((_, i) => i % 4 < 3);
  })()`);
}

function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assertEquals(a.length, b.length);
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    most = Math.max(most, Math.abs(a[i]! - b[i]!));
  }
  return most;
}

Deno.test("the demo decodes as Deno does, from ranges", async (t) => {
  await withModel(async (loaded) => {
    await withSite(async (visit) => {
      const { page, complaints, foreign } = await visit("demo.html", {
        width: 1440,
      });
      const ranges: string[] = [];
      page.on("request", (request) => {
        const range = request.headers()["range"];
        if (range !== undefined) ranges.push(range);
      });
      await finished(page);
      const [photo] = list.photos;
      const { ours } = photo!.qualities[photo!.qualities.length >> 1]!;
      const file = await read(ours.path);
      const { thumbnailBytes, mediumBytes } = parseHeader(file);
      const { high } = await decodeImage(loaded, file);
      for (const backend of ["webgl", "wasm", "cpu"]) {
        await t.step(backend, async () => {
          ranges.length = 0;
          await choose(page, "backend", backend);
          assertEquals(await page.textContent('[data-part="status"]'), "Done.");
          assertMatch(
            (await page.textContent('[data-part="backend-note"]'))!,
            new RegExp(`^Decoding by ${backend}\\.`),
          );
          assertEquals(ranges, [
            "bytes=0-1023",
            `bytes=1024-${mediumBytes - 1}`,
            `bytes=${mediumBytes}-${file.length - 1}`,
          ]);
          const lines = await page.locator('[data-part="log"] li')
            .allTextContents();
          const bytes = lines.map((line) =>
            Number(/([\d,]+) bytes/.exec(line)![1]!.replaceAll(",", ""))
          );
          assertEquals(bytes, [thumbnailBytes, mediumBytes, file.length]);
          const right = await pixels(page, 1);
          assert(worst(right, high!.data) <= 1, "pixels differ");
          const rows = page.locator('[data-part="table"] tbody tr');
          assertEquals(await rows.count(), 4);
          const [width, half] = await page.evaluate(`[
            ".demo-stage canvas", "[data-part=medium]",
          ].map((name) => document.querySelector(name).width)`) as number[];
          assertEquals(half, Math.ceil(width! / 2));
          for (const [zoom, times] of [["2", 2], ["1", 1]] as const) {
            await page.selectOption('[data-part="zoom"]', zoom);
            const box = await page.locator(".demo-stage").boundingBox();
            assertEquals(box!.width, width! * times);
          }
          await page.selectOption('[data-part="zoom"]', "");
        });
      }
      assertEquals([...complaints, ...foreign], []);
    });
  });
});

Deno.test("a backend that cannot be used is told, and the page goes on", async () => {
  await withSite(async (visit) => {
    const { page } = await visit("demo.html", { width: 1440 });
    await finished(page);
    const status = () => page.textContent('[data-part="status"]');
    const webgpu = await page.evaluate("navigator.gpu?.requestAdapter()");
    if (webgpu) return; // all backends can be used here
    await choose(page, "backend", "webgpu");
    assertMatch((await status())!, /webgpu/);
    assertEquals(await page.inputValue('[data-part="backend"]'), "");
    const qualities = await page.locator('[data-part="quality"] option')
      .allTextContents();
    await choose(page, "quality", qualities[0]!);
    assertEquals(await status(), "Done.");
  });
});

/** Gives the page a file of the reader's own, and waits until it is shown. */
async function giveFile(
  page: Page,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  await page.setInputFiles('[data-part="file"]', {
    name,
    mimeType: "application/octet-stream",
    buffer: Buffer.from(bytes),
  });
  await page.waitForSelector("#demo[data-state=busy]", { timeout: 5000 })
    .catch(() => {});
  await finished(page);
}

Deno.test("the reader's own photo is encoded, and a broken file is told", async () => {
  await withSite(async (visit) => {
    const { page } = await visit("demo.html", { width: 360, dark: true });
    await finished(page);
    const photo = drawPicture(1300, 200, "own");
    const png = await encodePixels(photo, "png");
    const give = (name: string, bytes: Uint8Array) =>
      giveFile(page, name, bytes);
    await give("own.png", png);
    assertEquals(await page.textContent('[data-part="status"]'), "Done.");
    const [encoded] = await page.locator('[data-part="log"] li')
      .allTextContents();
    assertMatch(encoded!, /^Encoded 1024 × 158 pixels: [\d,]+ bytes/);
    const names = await page.locator('[data-part="table"] tbody th')
      .allTextContents();
    assertEquals(names, ["Ours, high", "JPEG", "WebP"]);
    const size = page.locator('[data-part="own-size"]');
    const before = await size.textContent();
    assertMatch(before!, /^50: [\d,]+ bytes$/);
    await page.fill('[data-part="own-quality"]', "90");
    await page.waitForFunction(
      `/^90: [\\d,]+ bytes$/.test(
        document.querySelector('[data-part="own-size"]').textContent)`,
      null,
      { timeout: 60_000 },
    );
    await finished(page);
    const link = page.locator('[data-part="download"]');
    assertEquals(await link.getAttribute("download"), "own.onecode");
    assertEquals(await overflow(page), 0);
    assertEquals(await barriers(page), []);

    const [sample] = list.photos;
    const file = await read(sample!.qualities[0]!.ours.path);
    for (const name of ["whole.onecode", "WHOLE.ONECODE", "Whole.OneCode"]) {
      await give("own.png", png);
      await give(name, file);
      assertEquals(await page.textContent('[data-part="status"]'), "Done.");
      // It is decoded, and not encoded again.
      const [first] = await page.locator('[data-part="log"] li')
        .allTextContents();
      assertMatch(first!, /^Placeholder, /);
    }
    const broken = file.slice();
    broken[60]! ^= 1;
    await give("broken.onecode", broken);
    assertEquals(
      await page.textContent('[data-part="status"]'),
      "The first layer's checksum is wrong.",
    );
    const text = new TextEncoder().encode("no image");
    for (const file of [text, png.subarray(0, png.length >> 1)]) {
      await give("note.png", file);
      assertEquals(
        await page.textContent('[data-part="status"]'),
        "The browser cannot read this file as an image.",
      );
    }
  });
});

Deno.test("a photo with a colour profile is shown in the colours of the command line", async () => {
  const photo = sharp(drawPicture(64, 48, "own").data, {
    raw: { width: 64, height: 48, channels: 3 },
  });
  await withSite(async (visit) => {
    const { page } = await visit("demo.html", { width: 1440 });
    await finished(page);
    const wide = await photo.clone().withIccProfile("p3").avif().toBuffer();
    await giveFile(page, "p3.avif", new Uint8Array(wide));
    assertEquals(await page.textContent('[data-part="status"]'), "Done.");
    const shown = await pixels(page, 0); // the original
    const { data } = await decodePixels(new Uint8Array(wide));
    const apart = worst(shown, data);
    assert(apart <= 2, `colours differ by ${apart}`);
    const cmyk = await photo.toColourspace("cmyk").jpeg().toBuffer();
    await giveFile(page, "cmyk.jpg", new Uint8Array(cmyk));
    assertEquals(
      await page.textContent('[data-part="status"]'),
      "This is a JPEG with CMYK colours, which browsers show wrongly: save it " +
        "with RGB colours, or encode it by `deno task encode`.",
    );
  });
});
