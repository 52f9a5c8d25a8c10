/**
 * How long the site's decoder takes in a browser: on the backend that it chooses
 * there, and on wasm.
 *
 * @module
 */
import { join } from "node:path";
import { chromium } from "playwright-core";
import { serveFolder } from "@/edge/serve_folder.ts";
import { parseHeader } from "@/codec/mod.ts";
import type { BrowserSpeed } from "@/evaluation/results.ts";
import { temporaryFolder } from "@/tasks/cli/temporary_folder.ts";
import { bundleDecoder, bundleScripts } from "@/tasks/site/bundle_scripts.ts";
import type { BrowserAnswer, BrowserQuestion } from "./browser_page.ts";

/** Name of the weights in the page's folder. */
const WEIGHTS = "weights.safetensors";

/** What a browser decodes. */
export interface BrowserPlan {
  /** The checkout, with its `node_modules`. */
  readonly root: string;
  /** Path of Chromium. */
  readonly browser: string;
  /** Path of our file of weights. */
  readonly weights: string;
  /** The encoded photo. */
  readonly file: Uint8Array;
  /** How often each size is decoded. */
  readonly rounds: number;
}

/**
 * Times decoding in Chromium, as a page on a server without special headers
 * does it: the wasm backend has one thread there.
 *
 * @param plan What is decoded.
 * @returns Median times by backend.
 */
export async function measureBrowser(
  { root, browser: executablePath, weights, file, rounds }: BrowserPlan,
): Promise<BrowserSpeed> {
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
  await write("high.onecode", file);
  const { mediumBytes } = parseHeader(file);
  await write("medium.onecode", file.subarray(0, mediumBytes));
  const server = serveFolder(folder.path, { port: 0 });
  const browser = await chromium.launch({ executablePath });
  try {
    const shown = await browser.newPage();
    await shown.goto(server.address);
    const ask = (question: BrowserQuestion) =>
      shown.evaluate((question) =>
        (globalThis as unknown as {
          timeBackend: (one: BrowserQuestion) => Promise<BrowserAnswer>;
        }).timeBackend(question), question);
    const { passedOver, ...chosen } = await ask({ weights: WEIGHTS, rounds });
    const rows = [chosen];
    if (chosen.backend !== "wasm") {
      const { passedOver: _, ...wasm } = await ask({
        ...{ backend: "wasm", weights: WEIGHTS, rounds } as const,
      });
      rows.push(wasm);
    }
    return { browser: `Chromium ${browser.version()}`, rows, passedOver };
  } finally {
    await browser.close();
    await server.close();
  }
}
