/**
 * Two pictures over one another with a slider between them.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Pixels } from "@/images/pixels.ts";
import { drawPicture, scalePicture } from "./pictures.ts";

/** A picture to compare, with what is told of it. */
export interface Shown {
  /** For a reader, such as `JPEG`. */
  readonly name: string;
  /** The picture, of any size. */
  readonly picture: Pixels;
  /** Of its file; those of the original do not count. */
  readonly bytes?: number;
  /** Against the original, in dB. */
  readonly psnrDb?: number;
}

/** The slider and the choice of both sides. */
export class Comparison {
  readonly #root: HTMLElement;
  readonly #sides: readonly [HTMLSelectElement, HTMLSelectElement];
  readonly #canvases: readonly [HTMLCanvasElement, HTMLCanvasElement];
  #shown: readonly Shown[] = [];
  /** Sides that the reader chose; the others follow what is shown. */
  readonly #chosen = new Set<HTMLSelectElement>();

  /**
   * Takes over the parts of a page.
   *
   * @param root Holds `.demo-stage` with two canvases and a range, and two
   * `select`s, left and right.
   */
  constructor(root: HTMLElement) {
    this.#root = root;
    const [left, right] = root.querySelectorAll("select");
    this.#sides = [left!, right!];
    const [below, above] = root.querySelectorAll("canvas");
    this.#canvases = [below!, above!];
    const slider = root.querySelector<HTMLInputElement>("input[type=range]")!;
    const stage = root.querySelector<HTMLElement>(".demo-stage")!;
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
   * Shows pictures; a side that the reader chose stays, if there is such a one.
   *
   * @param shown The first one gives the size.
   * @param left Name of the one that is on the left otherwise.
   * @param right And on the right.
   */
  show(shown: readonly Shown[], left: string, right: string): void {
    this.#shown = shown;
    const names = shown.map(({ name }) => name);
    for (const [i, first] of [left, right].entries()) {
      const side = this.#sides[i]!;
      const old = this.#chosen.has(side) ? side.value : "";
      side.replaceChildren(...names.map((name) => new Option(name, name)));
      side.value = names.includes(old) ? old : first;
    }
    this.#root.hidden = false;
    this.#draw();
  }

  /** Shows nothing. */
  hide(): void {
    this.#root.hidden = true;
  }

  #draw(): void {
    const [first] = this.#shown;
    if (first === undefined) return;
    const { width, height } = first.picture;
    for (const [i, canvas] of this.#canvases.entries()) {
      const shown = this.#shown.find(({ name }) =>
        name === this.#sides[i]!.value
      );
      if (shown === undefined) continue;
      const { picture } = shown;
      const fits = picture.width === width && picture.height === height;
      drawPicture(
        canvas,
        fits ? picture : scalePicture(picture, width, height),
      );
      canvas.setAttribute(
        "aria-label",
        `${i ? "Right" : "Left"}: ${shown.name}`,
      );
    }
  }
}
