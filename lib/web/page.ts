/**
 * The demo: fetches the first bytes of a stored file and decodes the medium
 * image, then the rest and the high one; or encodes the reader's own photo.
 *
 * @module
 */
/// <reference lib="dom" />
import { LONGEST_HEADER, parseHeader } from "@/codec/format/header.ts";
import type { Pixels } from "@/images/pixels.ts";
import { Comparison, type Shown } from "./compare.ts";
import type { DemoPhoto, DemoPhotos } from "./demo_photos.ts";
import {
  checkAnswer,
  openBytes,
  openFile,
  type PartialFile,
} from "./fetch_file.ts";
import type { BackendName, Started } from "./messages.ts";
import { fetchOthers, fetchPicture, makeOthers } from "./other_files.ts";
import { decibels, LONGEST_SIDE, readBlob } from "./pictures.ts";
import { resultLine, resultRow } from "./results.ts";
import { type WorkerCodec, workerCodec } from "./worker_client.ts";

const root = document.querySelector<HTMLElement>("#demo")!;
const part = <Part extends HTMLElement>(name: string) =>
  root.querySelector<Part>(`[data-part="${name}"]`)!;
const photoChoice = part<HTMLSelectElement>("photo");
const qualityChoice = part<HTMLSelectElement>("quality");
const backendChoice = part<HTMLSelectElement>("backend");
const picker = part<HTMLInputElement>("file");
const status = part("status");
const log = part("log");
const table = part<HTMLTableElement>("table");
const tell = (...line: Parameters<typeof resultLine>) =>
  log.append(resultLine(...line));
const download = part<HTMLAnchorElement>("download");
const credit = part("credit");
const comparison = new Comparison(part("compare"));

const folder = new URL("demo/", document.baseURI);
const place = (path: string) => new URL(path, folder).href;
const codec: WorkerCodec = workerCodec(
  new Worker(new URL("worker.js", import.meta.url), { type: "module" }),
);

/** What is being looked at: a photo of the site's, or the reader's own. */
type Subject =
  | { readonly photo: DemoPhoto }
  | { readonly own: Pixels; readonly name: string }
  | { readonly file: Uint8Array<ArrayBuffer>; readonly name: string };

let list: DemoPhotos | undefined;
let subject: Subject | undefined;
/** Counts what was asked for; older work that ends late is dropped. */
let turn = 0;

const OWN_QUALITIES = [10, 25, 40, 60, 80];

async function start(backend?: BackendName): Promise<void> {
  status.textContent = "Loading the decoder…";
  const { backend: used, passedOver }: Started = await codec.start(
    place("weights.safetensors"),
    folder.href,
    backend,
  );
  part("backend-note").textContent = `Decoding by ${used}. ${
    passedOver.join(" ")
  }`;
  // The first pass compiles; it is not timed.
  const side = 32, data = new Uint8Array(3 * side * side).fill(128);
  const picture = { width: side, height: side, data };
  const { file } = await codec.encode(picture, 50);
  await codec.decode(file, "medium");
  await codec.decode(file, "high");
}

/** Does some work of the page and tells in a sentence what goes wrong. */
async function work(task: (mine: () => boolean) => Promise<void>) {
  const own = ++turn;
  root.dataset["state"] = "busy";
  try {
    await task(() => own === turn);
    if (own !== turn) return;
    status.textContent = "Done.";
    root.dataset["state"] = "done";
  } catch (error) {
    if (own !== turn) return;
    status.textContent = (error as Error).message;
    root.dataset["state"] = "failed";
  }
}

async function show(mine: () => boolean): Promise<void> {
  log.replaceChildren();
  table.hidden = download.hidden = true;
  comparison.hide();
  if (subject === undefined) return;
  if ("photo" in subject) await showPhoto(subject.photo, mine);
  else if ("own" in subject) await showOwn(subject.own, subject.name, mine);
  else await showFile(openBytes(subject.file), [], mine);
}

async function showPhoto(photo: DemoPhoto, mine: () => boolean) {
  const quality = Number(qualityChoice.value);
  const chosen = photo.qualities.find((one) => one.quality === quality)!;
  credit.textContent = photo.credit;
  const original = await fetchPicture(place(photo.original.path));
  const others = () => fetchOthers(chosen, place, original);
  const file = openFile(place(chosen.ours.path));
  const before = [{ name: "Original", picture: original }];
  try {
    await showFile(file, before, mine, others);
  } finally {
    await file.close();
  }
}

async function showOwn(own: Pixels, name: string, mine: () => boolean) {
  credit.textContent = "";
  status.textContent = "Encoding…";
  const quality = Number(qualityChoice.value);
  const { file, milliseconds } = await codec.encode(own, quality);
  if (!mine()) return;
  tell(`Encoded ${own.width} × ${own.height} pixels`, file.length, {
    pixels: own.width * own.height,
    milliseconds,
  });
  download.href = URL.createObjectURL(new Blob([file]));
  download.download = `${name.replace(/\.\w+$/, "")}.onecode`;
  download.hidden = false;
  await showFile(
    openBytes(file),
    [{ name: "Original", picture: own }],
    mine,
    () => makeOthers(own, file.length),
  );
}

/** Shows the medium image as soon as it is there, then the high one. */
async function showFile(
  file: PartialFile,
  before: readonly Shown[],
  mine: () => boolean,
  others: () => Promise<readonly Shown[]> = () => Promise.resolve([]),
): Promise<void> {
  status.textContent = "Fetching the medium image…";
  const header = parseHeader(await file.first(LONGEST_HEADER));
  const pixels = header.width * header.height;
  const prefix = await file.first(header.mediumBytes);
  if (!mine()) return;
  const first = await codec.decode(prefix, "medium");
  if (!mine()) return;
  const medium: Shown = {
    name: "Ours, medium",
    picture: first.picture,
    bytes: prefix.length,
  };
  tell("Medium image", file.received(), {
    pixels,
    milliseconds: first.milliseconds,
  });
  comparison.show([...before, medium], "Original", medium.name);
  status.textContent = "Fetching the rest…";
  const whole = await file.first(header.fileBytes);
  if (!mine()) return;
  const second = await codec.decode(whole, "high");
  if (!mine()) return;
  const [original] = before;
  const high: Shown = {
    name: "Ours, high",
    picture: second.picture,
    bytes: whole.length,
    ...(original === undefined
      ? {}
      : { psnrDb: decibels(second.picture, original.picture) }),
  };
  if (second.highIs === "complete") {
    tell("High image", file.received(), {
      pixels,
      milliseconds: second.milliseconds,
    });
  } else {
    tell(`The high image is ${second.highIs}`, file.received(), { pixels });
  }
  status.textContent = "Making the others…";
  const made = [high, ...await others()];
  if (!mine()) return;
  const shown = [...before, ...made, medium];
  comparison.show(shown, shown[0]!.name, high.name);
  table.tBodies[0]!.replaceChildren(
    ...made.map((one) => resultRow(one, pixels)),
  );
  table.hidden = false;
}

function setQualities(qualities: readonly number[]): void {
  const before = Number(qualityChoice.value);
  qualityChoice.replaceChildren(
    ...qualities.map((quality) => new Option(`${quality}`)),
  );
  const middle = qualities[qualities.length >> 1]!;
  const chosen = qualities.includes(before) ? before : middle;
  qualityChoice.value = `${chosen}`;
  qualityChoice.disabled = subject !== undefined && "file" in subject;
}

async function takeFile(blob: Blob, name: string): Promise<void> {
  await work(async (mine) => {
    photoChoice.selectedIndex = -1;
    if (name.endsWith(".onecode")) {
      const file = new Uint8Array(await blob.arrayBuffer());
      subject = { file, name };
    } else {
      status.textContent = "Reading the photo…";
      subject = { own: await readBlob(blob, LONGEST_SIDE), name };
    }
    setQualities(OWN_QUALITIES);
    await show(mine);
  });
}

function choosePhoto(): void {
  const photo = list!.photos[photoChoice.selectedIndex]!;
  subject = { photo };
  setQualities(photo.qualities.map(({ quality }) => quality));
}

function listen(): void {
  photoChoice.addEventListener("change", () => {
    choosePhoto();
    void work(show);
  });
  qualityChoice.addEventListener("change", () => void work(show));
  backendChoice.addEventListener("change", () => {
    const name = backendChoice.value;
    const only = name === "" ? undefined : name as BackendName;
    void work(async (mine) => {
      try {
        await start(only);
      } catch (error) {
        // Back to what works, and the sentence stays.
        backendChoice.value = "";
        await start();
        await show(mine);
        throw error;
      }
      await show(mine);
    });
  });
  picker.addEventListener("change", () => {
    const [file] = picker.files ?? [];
    if (file !== undefined) void takeFile(file, file.name);
  });
  const drop = (data: DataTransfer | null, event: Event) => {
    const [file] = data?.files ?? [];
    if (file === undefined) return;
    event.preventDefault();
    void takeFile(file, file.name);
  };
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => drop(event.dataTransfer, event));
  document.addEventListener(
    "paste",
    (event) => drop(event.clipboardData, event),
  );
}

void work(async (mine) => {
  listen();
  root.hidden = false;
  document.querySelector<HTMLElement>("#demo-still")!.hidden = true;
  const response = await fetch(place("photos.json"));
  checkAnswer(response, "the list of photos");
  list = await response.json() as DemoPhotos;
  photoChoice.replaceChildren(
    ...list.photos.map(({ name }) => new Option(name)),
  );
  choosePhoto();
  await start();
  await show(mine);
});
