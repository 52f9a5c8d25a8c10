/**
 * `<onecode-image src="photo.onecode" alt="…" width="768" height="512">`: a photo
 * of which a page fetches what its layout needs.
 *
 *     bytes of the file   ▶ drawn
 *     thumbnail             at once, as the placeholder
 *     medium image          always
 *     the rest              if the layout has more pixels than the medium image
 *
 * `loading="lazy"` waits until the image is near. `prefixes`, which `encode
 * --html` prints, saves the question where the medium image ends. A picture
 * inside of the element is shown where it cannot be decoded.
 *
 * @module
 */
/// <reference lib="dom" />
import type { ParsedHeader } from "@/codec/format/header.ts";
import { hex } from "@/codec/format/bytes.ts";
import type { Pixels } from "@/images/pixels.ts";
import { openFile, type PartialFile } from "./fetch_file.ts";
import { fetchStage, type Stage } from "./fetch_stage.ts";
import type { DecodeAnswer } from "./messages.ts";
import { isLarger, neededStage, readPrefixes } from "./needed_stage.ts";
import { pageCodec } from "./page_codec.ts";
import { unwatch, watch, type WatchedImage } from "./page_watch.ts";
import { drawPicture } from "./pictures.ts";

/** Milliseconds that the rest may take before the medium image is drawn. */
const PATIENCE = 200;

const STYLE = `
  :host { display: inline-block; max-width: 100%; overflow: hidden; }
  :host([hidden]) { display: none; }
  canvas { display: block; width: 100%; height: 100%; object-fit: inherit; }
  [hidden] { display: none; }
`;

/** What the element loads, until it is given another address. */
interface Loading {
  readonly file: PartialFile;
  /** The placeholder, which replaces images that are far from the screen. */
  thumbnail?: Pixels;
  /** The largest image that the file or the network have, if that is known. */
  most?: Stage;
  /** Whether not even the placeholder can be shown. */
  isFailed?: boolean;
  /** The largest image that was reported by `load`. */
  told?: Stage;
  /** Whether a damaged file was fetched once more. */
  isSecond: boolean;
}

/** The element; its script defines it under the name `onecode-image`. */
export class OnecodeImage extends HTMLElement implements WatchedImage {
  /** Attributes whose changes count. */
  static readonly observedAttributes: readonly string[] = [
    ...["src", "alt", "width", "height", "loading"],
  ];
  /** The folder with `worker.js`, weights and wasm: that of the script. */
  static folder: URL = new URL(".", import.meta.url);

  readonly #style = document.createElement("style");
  readonly #canvas = document.createElement("canvas");
  readonly #slot = document.createElement("slot");
  readonly #text = document.createElement("span");
  #loading: Loading | undefined;
  #shown: Stage | undefined;
  #header: ParsedHeader | undefined;
  #near = false;
  #far = false;
  #printed = false;
  /** Bytes of earlier files. */
  #before = 0;
  #working = false;

  /** Makes an element that shows nothing yet. */
  constructor() {
    super();
    const style = document.createElement("style");
    style.textContent = STYLE;
    this.#canvas.setAttribute("role", "img");
    Object.assign(this.#canvas, { width: 1, height: 1 });
    this.#showCanvas();
    this.attachShadow({ mode: "open" })
      .append(style, this.#style, this.#canvas, this.#text, this.#slot);
  }

  /** Address of the file. */
  get src(): string {
    return this.getAttribute("src") ?? "";
  }
  /** @param address Address of the file. */
  set src(address: string) {
    this.setAttribute("src", address);
  }

  /** The image that is shown. */
  get shown(): Stage | undefined {
    return this.#shown;
  }

  /** Whether the image that the layout needs is shown, or the largest there is. */
  get complete(): boolean {
    return this.src === "" || !isLarger(this.#wanted(), this.#shown);
  }

  /** Bytes that were received, of all files that the element was given. */
  get receivedBytes(): number {
    return this.#before + (this.#loading?.file.received() ?? 0);
  }

  /** The browser calls it when the element enters a page. */
  connectedCallback(): void {
    this.#layOut();
    watch(this);
    this.#update();
  }

  /** The browser calls it when the element leaves a page. */
  disconnectedCallback(): void {
    unwatch(this);
  }

  /**
   * The browser calls it.
   *
   * @param name The attribute that has changed.
   */
  attributeChangedCallback(name: string): void {
    if (name === "src") {
      this.#before = this.receivedBytes;
      this.#loading?.file.close();
      this.#loading = this.#shown = this.#header = undefined;
    }
    this.#layOut();
    this.#update();
  }

  /**
   * Notes whether the element is near the screen.
   *
   * @param near Whether it is.
   */
  isNear(near: boolean): void {
    this.#near ||= near;
    if (near) this.#update();
  }

  /**
   * Notes whether the element is far from the screen.
   *
   * @param far Whether it is.
   */
  isFar(far: boolean): void {
    if (far === this.#far) return;
    this.#far = far;
    if (!far) this.#update();
    else if (this.#near) this.#release();
  }

  /** Notes that its size on the page has changed. */
  sizeChanged(): void {
    this.#update();
  }

  /**
   * Notes whether the page is being printed.
   *
   * @param printed Whether it is.
   */
  isPrinted(printed: boolean): void {
    this.#printed = printed;
    if (this.#far && !printed) this.#release();
    else this.#update();
  }

  /** Notes that the network is back. */
  isOnline(): void {
    delete this.#loading?.most;
    delete this.#loading?.isFailed;
    this.#update();
  }

  /** The size of the box before anything is loaded, as `img` has it. */
  #layOut(): void {
    const side = (name: "width" | "height") => {
      const given = Number(this.getAttribute(name));
      return given > 0 ? given : undefined;
    };
    const [width, height] = [side("width"), side("height")];
    const { width: w = width, height: h = height } = this.#header ?? {};
    const rules = [
      width === undefined && height !== undefined
        ? `height: ${height}px`
        : `width: ${width ?? w}px`,
      `aspect-ratio: ${
        width && height ? `${width} / ${height}` : `${w} / ${h}`
      }`,
    ].filter((rule) => !rule.includes("undefined"));
    this.#style.textContent = `:host { ${rules.join("; ")} }`;
    const alt = this.getAttribute("alt") ?? "";
    this.#canvas.setAttribute("aria-label", alt);
    this.#canvas.ariaHidden = alt === "" ? "true" : null;
    this.#text.textContent = alt;
  }

  /** The image that the layout needs; none if it may wait. */
  #wanted(): Stage | undefined {
    if (!this.isConnected || this.src === "") return undefined;
    if (this.#loading?.isFailed) return undefined;
    if (this.#printed) return this.#atMost("high");
    const isLazy = this.getAttribute("loading") === "lazy";
    if (isLazy && !this.#near) return undefined;
    if (this.#far && this.#near) return undefined;
    if (this.#header === undefined) return this.#atMost("medium");
    const box = { width: this.clientWidth, height: this.clientHeight };
    return this.#atMost(neededStage(box, devicePixelRatio, this.#header));
  }

  #atMost(stage: Stage): Stage | undefined {
    const { most } = this.#loading ?? {};
    return most !== undefined && isLarger(stage, most) ? most : stage;
  }

  /** Loads until what the layout needs is shown; calls in between are heard. */
  async #update(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    try {
      while (isLarger(this.#wanted(), this.#shown)) {
        const loading = this.#loading ??= {
          file: openFile(new URL(this.src, document.baseURI)),
          isSecond: false,
        };
        try {
          await this.#load(loading);
        } catch (error) {
          if (loading === this.#loading) this.#fail(loading, error as Error);
        }
      }
    } finally {
      this.#working = false;
    }
  }

  /** Takes the next step: to the placeholder, the medium or the high image. */
  async #load(loading: Loading): Promise<void> {
    const { file } = loading;
    const isCurrent = () => loading === this.#loading;
    const prefixes = readPrefixes(this.getAttribute("prefixes"));
    const stageOf = (stage: Stage) => fetchStage(file, stage, prefixes);
    if (loading.thumbnail === undefined) {
      const first = await stageOf("thumbnail");
      if (!isCurrent()) return;
      this.#header = first.header;
      this.#layOut();
      const { picture } = await this.#decode(first.bytes, "thumbnail");
      if (!isCurrent()) return;
      loading.thumbnail = picture;
    }
    if (this.#shown === undefined) {
      this.#draw(loading.thumbnail, "thumbnail");
    }
    const wanted = this.#wanted();
    if (!isLarger(wanted, this.#shown)) return;
    const medium = await stageOf("medium");
    if (!isCurrent()) return;
    if (wanted === "medium") {
      return this.#take(loading, await this.#decode(medium.bytes, "medium"));
    }
    const rest = stageOf("high");
    rest.catch(() => {}); // it is waited for below
    const isThere = await Promise.race([
      rest.then(() => true, () => false),
      new Promise((resolve) => setTimeout(resolve, PATIENCE)),
    ]);
    if (!isThere && isLarger("medium", this.#shown)) {
      const decoded = await this.#decode(medium.bytes, "medium");
      if (!isCurrent()) return;
      this.#draw(decoded.picture, decoded.stage);
    }
    const { header, bytes } = await rest;
    if (!isCurrent()) return;
    this.#header = header;
    this.#take(loading, await this.#decode(bytes, "high"));
  }

  async #decode(
    bytes: Uint8Array<ArrayBuffer>,
    stage: Stage,
  ): Promise<DecodeAnswer> {
    const model = hex(this.#header!.model);
    const codec = await pageCodec(model, OnecodeImage.folder);
    return await codec.decode(bytes, stage);
  }

  /** Shows what was decoded, which is smaller than asked for if damaged. */
  #take(loading: Loading, { picture, stage, highIs }: DecodeAnswer): void {
    if (loading !== this.#loading) return;
    if (isLarger(stage, this.#shown)) this.#draw(picture, stage);
    if (!isLarger(this.#wanted(), this.#shown)) return this.#tell(loading);
    if (highIs === "damaged" && !loading.isSecond) {
      // Perhaps its parts were of two versions.
      this.#reload(loading);
      return;
    }
    loading.most = stage;
    if (highIs === "damaged") {
      throw new Error("A layer of the file is damaged.");
    }
    this.#tell(loading);
  }

  #reload(loading: Loading): void {
    this.#before = this.receivedBytes;
    loading.file.close();
    const file = openFile(
      new URL(this.src, document.baseURI),
      (url, init) => fetch(url, { ...init, cache: "reload" }),
    );
    this.#loading = { file, isSecond: true };
    this.#shown = undefined;
  }

  #draw(picture: Pixels, stage: Stage): void {
    drawPicture(this.#canvas, picture);
    this.#shown = stage;
    this.#showCanvas();
  }

  /** Gives back the memory of pixels; the file's bytes are kept. */
  #release(): void {
    const { thumbnail } = this.#loading ?? {};
    if (thumbnail !== undefined && isLarger(this.#shown, "thumbnail")) {
      this.#draw(thumbnail, "thumbnail");
    }
  }

  #tell(loading: Loading): void {
    if (!isLarger(this.#shown, loading.told)) return;
    loading.told = this.#shown!;
    this.dispatchEvent(new Event("load"));
  }

  #fail(loading: Loading, error: Error): void {
    if (this.#shown !== undefined) loading.most = this.#shown;
    else {
      loading.isFailed = true;
      this.#showFallback();
    }
    const { message } = error;
    this.dispatchEvent(new ErrorEvent("error", { error, message }));
  }

  #showCanvas(): void {
    this.#canvas.hidden = false;
    this.#text.hidden = this.#slot.hidden = true;
  }

  /** Shows the picture inside of the element, else its text. */
  #showFallback(): void {
    for (const one of this.querySelectorAll("noscript")) {
      one.outerHTML = one.textContent ?? "";
    }
    const hasPicture = this.childElementCount > 0;
    this.#canvas.hidden = true;
    this.#slot.hidden = !hasPicture;
    this.#text.hidden = hasPicture;
  }
}

customElements.define("onecode-image", OnecodeImage);
