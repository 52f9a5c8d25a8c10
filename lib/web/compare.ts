/**
 * Two pictures over one another, with a slider between them.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Pixels } from "@/images/pixels.ts";
import { drawPicture, scalePicture } from "./pictures.ts";

/** A picture to compare. */
export interface ComparedPicture {
  /** Name for readers, such as `JPEG`. */
  readonly name: string;
  /** The picture, of any size. */
  readonly picture: Pixels;
  /** Size of its file; missing for the original. */
  readonly bytes?: number;
  /** PSNR against the original in dB, if there is an original. */
  readonly psnrDb?: number;
}

/** The slider, a choice of pictures for each side, and a zoom. */
export class Comparison {
  readonly #root: HTMLElement;
  readonly #sides: readonly [HTMLSelectElement, HTMLSelectElement];
  readonly #canvases: readonly [HTMLCanvasElement, HTMLCanvasElement];
  readonly #stage: HTMLElement;
  readonly #zoom: HTMLSelectElement;
  #pictures: readonly ComparedPicture[] = [];
  /** Sides that the reader chose; the other ones get the defaults. */
  readonly #chosen = new Set<HTMLSelectElement>();

  /**
   * Connects the elements of a page.
   *
   * @param root An element with `.demo-stage`, which has two canvases and a
   * range, and three `select`s: left, right and zoom.
   */
  constructor(root: HTMLElement) {
    this.#root = root;
    const [left, right, zoom] = root.querySelectorAll("select");
    this.#sides = [left!, right!];
    this.#zoom = zoom!;
    this.#zoom.addEventListener("change", () => this.#resize());
    const [below, above] = root.querySelectorAll("canvas");
    this.#canvases = [below!, above!];
    const slider = root.querySelector<HTMLInputElement>("input[type=range]")!;
    const stage = root.querySelector<HTMLElement>(".demo-stage")!;
    this.#stage = stage;
    slider.addEventListener(
      "input",
      () => stage.style.setProperty("--split", `${slider.value}%`),
    );
    for (const side of this.#sides) {
      side.addEventListener("change", () => {
        this.#chosen.add(side);
        this.#draw();
      });
    }
  }

  /**
   * Shows pictures. What the reader chose for a side stays, if it is there.
   *
   * @param pictures The pictures; the first one sets the size.
   * @param left Name of the picture on the left by default.
   * @param right Name of the picture on the right by default.
   */
  show(
    pictures: readonly ComparedPicture[],
    left: string,
    right: string,
  ): void {
    this.#pictures = pictures;
    const names = pictures.map(({ name }) => name);
    for (const [i, preset] of [left, right].entries()) {
      const side = this.#sides[i]!;
      const chosen = this.#chosen.has(side) ? side.value : "";
      side.replaceChildren(...names.map((name) => new Option(name, name)));
      side.value = names.includes(chosen) ? chosen : preset;
    }
    this.#root.hidden = false;
    this.#draw();
  }

  /** Hides the comparison. */
  hide(): void {
    this.#root.hidden = true;
  }

  /** As wide as the page, or so many pixels of the screen for one of these. */
  #resize(): void {
    const [first] = this.#pictures;
    const zoom = this.#zoom.value;
    this.#stage.toggleAttribute("data-zoom", zoom !== "");
    this.#stage.style.width = zoom === "" || first === undefined
      ? ""
      : `${first.picture.width * Number(zoom) / devicePixelRatio}px`;
  }

  #draw(): void {
    const [first] = this.#pictures;
    if (first === undefined) return;
    this.#resize();
    const { width, height } = first.picture;
    for (const [i, canvas] of this.#canvases.entries()) {
      const compared = this.#pictures.find(({ name }) =>
        name === this.#sides[i]!.value
      );
      if (compared === undefined) continue;
      const { name, picture } = compared;
      const fits = picture.width === width && picture.height === height;
      drawPicture(
        canvas,
        fits ? picture : scalePicture(picture, width, height),
      );
      canvas.setAttribute("aria-label", `${i ? "Right" : "Left"}: ${name}`);
    }
  }
}
