/**
 * The gallery: photos that the page's own layout makes small or large, and a
 * meter of what was fetched for them, beside what two AVIF files would take.
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

/** Bytes of the AVIF files that a page would have fetched for each image. */
const avif = new Map<OnecodeImage, Map<string, number>>();

function showMeter(): void {
  const ours = images.reduce((sum, image) => sum + image.receivedBytes, 0);
  const theirs = [...avif.values()].flatMap((files) => [...files.values()])
    .reduce((sum, bytes) => sum + bytes, 0);
  const most = Math.max(ours, theirs, 1);
  const counts = { ours, avif: theirs };
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
  const count = (image: OnecodeImage, stage: string | undefined) => {
    if (stage !== "medium" && stage !== "high") return;
    const files = avif.get(image) ?? new Map<string, number>();
    const photo = photos[images.indexOf(image)]!;
    avif.set(image, files.set(stage, photo.avif[stage].bytes));
  };
  for (const image of images) {
    image.addEventListener("load", () => {
      count(image, image.shown);
      showMeter();
    });
    // It may have been faster than the list.
    if (image.complete) count(image, image.shown);
  }
  showMeter();
}

for (const choice of root.querySelectorAll<HTMLInputElement>("input")) {
  choice.addEventListener("change", () => {
    root.dataset["size"] = choice.value;
  });
}
void start();
