/**
 * How long the site's decoder takes in a browser: on the backend that it chooses
 * there, and on wasm.
 *
 * @module
 */
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { serveFolder } from "@/edge/serve_folder.ts";
import { parseHeader } from "@/codec/mod.ts";
import type { BrowserSpeed } from "@/evaluation/results.ts";
import { temporaryFolder } from "@/tasks/cli/temporary_folder.ts";
import { bundleDecoder, bundleScripts } from "@/tasks/site/bundle_scripts.ts";
import type { BrowserClipSpeed } from "@/sections/video/clip_types.ts";
import type { BrowserPage, BrowserQuestion } from "./browser_page.ts";

/** Name of the weights in the page's folder. */
const WEIGHTS = "weights.safetensors";

/** Name of the weights for clips in the page's folder. */
const CLIP_WEIGHTS = "clip_weights.safetensors";

/** What a browser decodes. */
export interface BrowserPlan {
  /** The checkout, with its `node_modules`. */
  readonly root: string;
  /** Path of Chromium. */
  readonly browser: string;
  /** Path of our file of weights. */
  readonly weights: string;
  /** The encoded photo, or the clip. */
  readonly file: Uint8Array;
  /** How often each size is decoded. */
  readonly rounds: number;
}

/**
 * Times decoding in Chromium, as a page on a server without special headers
 * does it: the wasm backend has one thread there.
 *
 * @param plan What is decoded, a photo.
 * @returns Median times by backend.
 */
export async function measureBrowser(plan: BrowserPlan): Promise<BrowserSpeed> {
  const { file, rounds } = plan;
  const { mediumBytes } = parseHeader(file);
  const files = {
    "high.onecode": file,
    "medium.onecode": file.subarray(0, mediumBytes),
  };
  return await withPage(plan, files, async (page, browser) => {
    const ask = (question: BrowserQuestion) =>
      page.evaluate(
        (question) =>
          (globalThis as unknown as BrowserPage).timeBackend(question),
        question,
      );
    const { passedOver, ...chosen } = await ask({ weights: WEIGHTS, rounds });
    const rows = [chosen];
    if (chosen.backend !== "wasm") {
      const { passedOver: _, ...wasm } = await ask({
        ...{ backend: "wasm", weights: WEIGHTS, rounds } as const,
      });
      rows.push(wasm);
    }
    return { browser, rows, passedOver };
  });
}

/**
 * Times decoding a clip in Chromium, on the backend that it chooses.
 *
 * @param plan What is decoded, a clip; its first group counts.
 * @param clipWeights Path of the weights for clips.
 * @returns Frames in a second; the fastest of all rounds.
 */
export async function measureClipInBrowser(
  plan: BrowserPlan,
  clipWeights: string,
): Promise<BrowserClipSpeed> {
  const { file, rounds } = plan;
  const files = {
    "clip.onecode": file,
    [CLIP_WEIGHTS]: await Deno.readFile(clipWeights),
  };
  return await withPage(plan, files, async (page, browser) => {
    const { passedOver: _, ...speed } = await page.evaluate(
      (question) => (globalThis as unknown as BrowserPage).timeClip(question),
      { weights: WEIGHTS, clipWeights: CLIP_WEIGHTS, rounds },
    );
    return { browser, ...speed };
  });
}

/** Opens the page beside files, for as long as the work takes. */
async function withPage<Found>(
  { root, browser: executablePath, weights }: BrowserPlan,
  files: Readonly<Record<string, Uint8Array>>,
  work: (page: Page, browser: string) => Promise<Found>,
): Promise<Found> {
  using folder = temporaryFolder("browser_speed");
  const write = (name: string, content: string | Uint8Array) =>
    Deno.writeFile(
      join(folder.path, name),
      typeof content === "string" ? new TextEncoder().encode(content) : content,
    );
  for (const [name, content] of await bundleDecoder(root)) {
    await write(name, content);
  }
  const { scripts: [page] } = await bundleScripts(
    ...[root, ["lib/tasks/measure/browser_page.ts"], ""] as const,
    { format: "iife" },
  );
  await write("page.js", page!.text);
  await write("index.html", `<!doctype html><script src="page.js"></script>`);
  await write(WEIGHTS, await Deno.readFile(weights));
  for (const [name, content] of Object.entries(files)) {
    await write(name, content);
  }
  const server = serveFolder(folder.path, { port: 0 });
  const browser = await chromium.launch({ executablePath });
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    return await work(page, `Chromium ${browser.version()}`);
  } finally {
    await browser.close();
    await server.close();
  }
}
