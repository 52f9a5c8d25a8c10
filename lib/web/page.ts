/**
 * The demo: fetches the first bytes of a stored file and decodes the
 * placeholder, then the medium and the high image as their bytes arrive; or
 * encodes the reader's own photo.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Pixels } from "@/images/pixels.ts";
import { type DemoPhoto, type DemoPhotos, weightsName } from "./demo_photos.ts";
import { checkAnswer, openBytes, openFile } from "./fetch_file.ts";
import { STAGES } from "./fetch_stage.ts";
import { FileView } from "./file_view.ts";
import type { BackendName } from "./messages.ts";
import { encodeOthers, fetchOthers, fetchPicture } from "./other_files.ts";
import { LONGEST_SIDE, readBlob } from "./read_photo.ts";
import { workerCodec } from "./worker_client.ts";

const root = document.querySelector<HTMLElement>("#demo")!;
const part = <Part extends HTMLElement>(name: string) =>
  root.querySelector<Part>(`[data-part="${name}"]`)!;
const photoChoice = part<HTMLSelectElement>("photo");
const qualityChoice = part<HTMLSelectElement>("quality");
const ownQuality = part<HTMLInputElement>("own-quality");
const ownSize = part("own-size");
const loading = part<HTMLProgressElement>("loading");
const backendChoice = part<HTMLSelectElement>("backend");
const picker = part<HTMLInputElement>("file");
const status = part("status");
const download = part<HTMLAnchorElement>("download");
const credit = part("credit");

const folder = new URL("demo/", document.baseURI);
const addressOf = (path: string) => new URL(path, folder).href;
const codec = workerCodec(
  new Worker(new URL("worker.js", import.meta.url), { type: "module" }),
);
const view = new FileView(part, codec);

/** What is shown: a photo of the site, the reader's own, or a file. */
type Subject =
  | { readonly photo: DemoPhoto }
  | { readonly own: Pixels; readonly name: string }
  | { readonly file: Uint8Array<ArrayBuffer> };

let list: DemoPhotos | undefined;
let subject: Subject | undefined;
/** Aborted by newer work, so that older work that ends late shows nothing. */
let current = new AbortController();

/** Milliseconds that the slider has to rest before a photo is encoded. */
const PATIENCE = 200;

/** Does some work of the page and reports how it ended. */
async function run(
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  current.abort();
  const { signal } = current = new AbortController();
  root.dataset["state"] = "busy";
  try {
    await work(signal);
    signal.throwIfAborted();
    status.textContent = "Done.";
    root.dataset["state"] = "done";
  } catch (error) {
    if (signal.aborted) return;
    status.textContent = (error as Error).message;
    root.dataset["state"] = "failed";
  }
}

/** Fetches the weights into the browser's cache, where the worker finds them. */
async function loadWeights(address: string): Promise<void> {
  const response = await fetch(address, { cache: "force-cache" });
  checkAnswer(response, "the model");
  const total = Number(response.headers.get("content-length"));
  const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
  let done = 0;
  loading.hidden = false;
  const counter = new WritableStream<Uint8Array>({
    write({ length }) {
      done += length;
      if (total > 0) loading.value = Math.min(1, done / total);
      status.textContent = `Loading the decoder: ${megabytes(done)} of ${
        megabytes(Math.max(total, done))
      } MB…`;
    },
  });
  await response.body?.pipeTo(counter).finally(() => loading.hidden = true);
}

async function start(backend?: BackendName): Promise<void> {
  status.textContent = "Loading the decoder…";
  const weights = addressOf(weightsName(list!.model));
  await loadWeights(weights);
  const { backend: used, passedOver } = await codec.start(
    weights,
    folder.href,
    backend,
  );
  const note = ["Decoding by", `${used}.`, ...passedOver].join(" ");
  part("backend-note").textContent = note;
  // The first pass compiles, so it is not timed.
  const side = 32, data = new Uint8Array(3 * side * side).fill(128);
  const picture = { width: side, height: side, data };
  const { file } = await codec.encode(picture, 50);
  for (const stage of STAGES) await codec.decode(file, stage);
}

async function show(signal: AbortSignal): Promise<void> {
  view.clear();
  download.hidden = true;
  credit.textContent = "";
  if (subject === undefined) return;
  if ("photo" in subject) await showPhoto(subject.photo, signal);
  else if ("own" in subject) await showOwn(subject.own, subject.name, signal);
  else await view.show(openBytes(subject.file), { signal });
}

async function showPhoto(photo: DemoPhoto, signal: AbortSignal): Promise<void> {
  const quality = Number(qualityChoice.value);
  const chosen = photo.qualities.find((one) => one.quality === quality)!;
  credit.textContent = photo.credit;
  const picture = await fetchPicture(addressOf(photo.original.path));
  const file = openFile(addressOf(chosen.ours.path));
  try {
    await view.show(file, {
      original: { name: "Original", picture },
      others: () => fetchOthers(chosen, addressOf, picture),
      signal,
    });
  } finally {
    file.close();
  }
}

async function showOwn(
  picture: Pixels,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  status.textContent = "Encoding…";
  const quality = Number(ownQuality.value);
  const { file, milliseconds } = await codec.encode(picture, quality);
  signal.throwIfAborted();
  ownSize.textContent = sizeOf(quality, file.length);
  const { width, height } = picture;
  view.report(
    `Encoded ${width} × ${height} pixels`,
    file.length,
    width * height,
    milliseconds,
  );
  URL.revokeObjectURL(download.href);
  download.href = URL.createObjectURL(new Blob([file]));
  download.download = `${name.replace(/\.\w+$/, "")}.onecode`;
  download.hidden = false;
  await view.show(openBytes(file), {
    original: { name: "Original", picture },
    others: () => encodeOthers(picture, file.length),
    signal,
  });
}

/** What stands beside the slider. */
function sizeOf(quality: number, bytes?: number): string {
  return bytes === undefined
    ? `${quality}`
    : `${quality}: ${bytes.toLocaleString("en-US")} bytes`;
}

/** Photos of the site have a few qualities, the reader's own any. */
function setQualities(qualities: readonly number[]): void {
  const isOwn = subject !== undefined && "own" in subject;
  part("quality-choice").hidden = isOwn;
  part("own-choice").hidden = !isOwn;
  ownSize.textContent = sizeOf(Number(ownQuality.value));
  qualityChoice.disabled = subject !== undefined && "file" in subject;
  if (qualities.length === 0) return;
  const before = Number(qualityChoice.value);
  qualityChoice.replaceChildren(
    ...qualities.map((quality) => new Option(`${quality}`)),
  );
  const middle = qualities[qualities.length >> 1]!;
  const chosen = qualities.includes(before) ? before : middle;
  qualityChoice.value = `${chosen}`;
}

function choosePhoto(): void {
  const photo = list!.photos[photoChoice.selectedIndex]!;
  subject = { photo };
  setQualities(photo.qualities.map(({ quality }) => quality));
}

async function takeFile(file: File, signal: AbortSignal): Promise<void> {
  photoChoice.selectedIndex = -1;
  const { name } = file;
  status.textContent = "Reading the file…";
  const taken = /\.onecode$/i.test(name)
    ? { file: new Uint8Array(await file.arrayBuffer()) }
    : { own: await readBlob(file, LONGEST_SIDE), name };
  signal.throwIfAborted();
  subject = taken;
  setQualities([]);
  await show(signal);
}

async function changeBackend(signal: AbortSignal): Promise<void> {
  const name = backendChoice.value;
  try {
    await start(name === "" ? undefined : name as BackendName);
  } catch (error) {
    // Return to a backend that works; the message stays.
    backendChoice.value = "";
    await start();
    await show(signal);
    throw error;
  }
  await show(signal);
}

function listen(): void {
  photoChoice.addEventListener("change", () => {
    choosePhoto();
    void run(show);
  });
  qualityChoice.addEventListener("change", () => void run(show));
  let waiting: ReturnType<typeof setTimeout> | undefined;
  ownQuality.addEventListener("input", () => {
    ownSize.textContent = sizeOf(Number(ownQuality.value));
    clearTimeout(waiting);
    waiting = setTimeout(() => void run(show), PATIENCE);
  });
  backendChoice.addEventListener("change", () => void run(changeBackend));
  const take = (files: FileList | null | undefined, event?: Event) => {
    const file = files?.[0];
    if (file === undefined) return;
    event?.preventDefault();
    void run((signal) => takeFile(file, signal));
  };
  picker.addEventListener("change", () => take(picker.files));
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener(
    "drop",
    (event) => take(event.dataTransfer?.files, event),
  );
  document.addEventListener(
    "paste",
    (event) => take(event.clipboardData?.files, event),
  );
}

void run(async (signal) => {
  listen();
  root.hidden = false;
  document.querySelector<HTMLElement>("#demo-still")!.hidden = true;
  const response = await fetch(addressOf("photos.json"));
  checkAnswer(response, "the list of photos");
  list = await response.json() as DemoPhotos;
  photoChoice.replaceChildren(
    ...list.photos.map(({ name }) => new Option(name)),
  );
  choosePhoto();
  await start();
  await show(signal);
});
