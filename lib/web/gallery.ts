/**
 * The gallery: photos that the page's own layout makes small or large, and a
 * meter of what came over the network for them, beside what two AVIF files would
 * take. What the browser had kept counts for neither.
 *
 * @module
 */
/// <reference lib="dom" />
import type { GalleryPhotos } from "./demo_photos.ts";
import { checkAnswer } from "./fetch_file.ts";
import type { OnecodeImage } from "./onecode_image.ts";

const root = document.querySelector<HTMLElement>("#gallery")!;
const images = Array.from(root.querySelectorAll<OnecodeImage>("onecode-image"));
const part = (name: string) =>
  root.querySelector<HTMLElement>(`[data-part="${name}"]`)!;

/** Bytes that came over the network for each image. */
const ours = new Map<OnecodeImage, number>();
/** Bytes of the AVIF files that a page would have fetched instead. */
const avif = new Map<OnecodeImage, number>();

/**
 * Bytes of an image's file that came over the network, as the browser reports
 * them. Chromium counts ranges that the server confirms as if they came again.
 */
function networkBytes({ src }: OnecodeImage): number {
  const { href } = new URL(src, document.baseURI);
  return performance.getEntriesByName(href, "resource").reduce((sum, entry) => {
    const { transferSize, encodedBodySize: body } =
      entry as PerformanceResourceTiming;
    // Of what the browser had kept, a header came at most.
    return transferSize < body ? sum : sum + body;
  }, 0);
}

function showMeter(): void {
  const sum = (counts: Map<OnecodeImage, number>) =>
    [...counts.values()].reduce((total, bytes) => total + bytes, 0);
  const counts = { ours: sum(ours), avif: sum(avif) };
  const most = Math.max(counts.ours, counts.avif, 1);
  for (const [name, bytes] of Object.entries(counts)) {
    part(name).textContent = `${bytes.toLocaleString("en-US")} bytes`;
    part(`${name}-bar`).style.width = `${100 * bytes / most}%`;
  }
  const large = images.filter(({ shown }) => shown === "high").length;
  const there = images.filter(({ complete }) => complete).length;
  part("status").textContent =
    `${there} of ${images.length} photos are there, ${large} of them large.`;
}

async function start(): Promise<void> {
  const address = new URL("demo/gallery/photos.json", document.baseURI);
  const response = await fetch(address);
  checkAnswer(response, "the list of photos");
  const { photos } = await response.json() as GalleryPhotos;
  const count = (image: OnecodeImage) => {
    const stage = image.shown;
    const [before, bytes] = [ours.get(image) ?? 0, networkBytes(image)];
    if (bytes === before || (stage !== "medium" && stage !== "high")) return;
    ours.set(image, bytes);
    const file = photos[images.indexOf(image)]!.avif[stage];
    avif.set(image, (avif.get(image) ?? 0) + file.bytes);
  };
  for (const image of images) {
    image.addEventListener("load", () => {
      count(image);
      showMeter();
    });
    // It may have been faster than the list.
    if (image.complete) count(image);
  }
  showMeter();
}

for (const choice of root.querySelectorAll<HTMLInputElement>("input")) {
  choice.addEventListener("change", () => {
    root.dataset["size"] = choice.value;
  });
}
void start();
