/**
 * The demo's clip in a real browser: medium frames, then high ones, by ranges;
 * `deno task test:site` runs this.
 */
import { parseClipHeader } from "@/codec/format/clip_header.ts";
import type { DemoClip } from "@/web/clips/demo_clip.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { barriers, overflow, site, withSite } from "./_browser.ts";

const read = (path: string) => Deno.readFile(join(site, "demo/clip", path));
const list: DemoClip = JSON.parse(
  new TextDecoder().decode(await read("clip.json")),
);
const clip = parseClipHeader(await read(list.ours.path));

const part = (name: string) => `#clip [data-part="${name}"]`;
const place = async (page: Page) => (await page.textContent(part("place")))!;

/** Waits until the text of a part of the player is as described. */
async function sees(page: Page, name: string, text: RegExp): Promise<void> {
  await page.waitForFunction(
    `${text}.test(document.querySelector('${part(name)}').textContent)`,
    null,
    { timeout: 120_000 },
  );
}

/** Moves the slider as a reader's pointer does. */
async function seek(page: Page, frame: number): Promise<void> {
  await page.fill(part("seek"), `${frame}`);
}

Deno.test("the clip plays medium frames, then high ones, and can be paused and sought", async () => {
  await withSite(async (visit) => {
    const { page, complaints, foreign } = await visit("demo.html", {
      width: 390,
    });
    const ranges: string[] = [];
    page.on("request", (request) => {
      const range = request.headers()["range"];
      if (request.url().endsWith(list.ours.path) && range !== undefined) {
        ranges.push(range);
      }
    });
    await page.waitForSelector(part("play"), { timeout: 60_000 });
    assert(await page.isVisible(part("poster")));
    assertEquals(ranges, []);
    // By keyboard alone.
    await page.focus(part("play"));
    await page.keyboard.press("Enter");
    assertEquals(await page.textContent(part("play")), "Pause");
    await sees(page, "place", /^frame ([2-9]|\d\d) of \d+, medium$/);
    assertEquals(await page.isVisible(part("poster")), false);
    const size = await page.evaluate(
      `document.querySelector('${part("frame")}').width`,
    );
    assertEquals(size, Math.ceil(clip.width / 2));
    const [first, ...later] = ranges;
    assertEquals(first, "bytes=0-4095");
    const { start, mediumEnd } = clip.places[0]!;
    assertEquals(later[0], `bytes=${start}-${mediumEnd - 1}`);
    await page.keyboard.press("Enter");
    assertEquals(await page.textContent(part("play")), "Play");
    const paused = await place(page);
    // The frame that is shown becomes sharp, and stays.
    await sees(page, "place", /, high$/);
    assertEquals(await place(page), paused.replace("medium", "high"));

    const last = clip.places.at(-1)!;
    await seek(page, last.firstFrame + 1);
    await sees(
      page,
      "place",
      new RegExp(`^frame ${last.firstFrame + 2} of ${clip.frames}, high$`),
    );
    assert(ranges.includes(`bytes=${last.start}-${last.mediumEnd - 1}`));
    assert(ranges.includes(`bytes=${last.mediumEnd}-${last.end - 1}`));
    // The slider by keyboard: a frame at a time, and space plays.
    await page.focus(part("seek"));
    await page.keyboard.press("ArrowRight");
    await sees(page, "place", new RegExp(`^frame ${last.firstFrame + 3} of`));
    await page.keyboard.press(" ");
    assertEquals(await page.textContent(part("play")), "Pause");
    // It begins again after the last frame.
    await sees(page, "place", /^frame [1-9] of/);
    await page.keyboard.press(" ");
    assertMatch(
      (await page.textContent(part("received")))!,
      /medium frames decoded at [\d.]+ a second; high frames decoded at/,
    );
    // No byte was asked for twice.
    assertEquals(new Set(ranges).size, ranges.length);
    assertEquals(await overflow(page), 0);
    assertEquals(await barriers(page), []);
    assertEquals([...complaints, ...foreign], []);
  });
});

Deno.test("a clip that cannot be loaded is told, and plays once it can", async () => {
  await withSite(async (visit) => {
    const { page } = await visit("demo.html", { width: 1440 });
    await page.waitForSelector(part("play"), { timeout: 60_000 });
    const address = `**/${list.ours.path}`;
    await page.route(address, (route) => route.fulfill({ status: 503 }));
    await page.click(part("play"));
    await sees(page, "status", /^The server answers 503 for /);
    assertEquals(await page.textContent(part("play")), "Play");
    await page.unroute(address);
    await page.click(part("play"));
    await sees(page, "place", /^frame \d+ of \d+, (medium|high)$/);
    assertEquals(await page.textContent(part("status")), "");
  });
});

Deno.test("a damaged second of a clip is passed over and told", async () => {
  const bytes = await read(list.ours.path);
  bytes[clip.places[1]!.start + 40]! ^= 1;
  await withSite(async (visit) => {
    const { page } = await visit("demo.html", { width: 1440 });
    await page.waitForSelector(part("play"), { timeout: 60_000 });
    await page.route(`**/${list.ours.path}`, (route) => {
      const [, from, to] = /bytes=(\d+)-(\d+)/.exec(
        route.request().headers()["range"]!,
      )!;
      const body = bytes.subarray(Number(from), Number(to) + 1);
      return route.fulfill({ status: 206, body: Buffer.from(body) });
    });
    await seek(page, clip.places[1]!.firstFrame - 1);
    await sees(page, "place", /, (medium|high)$/);
    await page.click(part("play"));
    await sees(page, "status", /^The checksum of group 1 is wrong\.$/);
    const { firstFrame } = clip.places[2]!;
    await sees(
      page,
      "place",
      new RegExp(
        `^frame (${firstFrame + 1}|${firstFrame + 2}|${firstFrame + 3}) of`,
      ),
    );
  });
});
