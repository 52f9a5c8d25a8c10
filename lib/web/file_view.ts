/**
 * Shows a file on the page: the placeholder as soon as its bytes are there, then
 * the medium and the high image, beside the original and other codecs.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Pixels } from "@/images/pixels.ts";
import { psnr } from "@/metrics/psnr.ts";
import { type ComparedPicture, Comparison } from "./compare.ts";
import type { PartialFile } from "./fetch_file.ts";
import { fetchStage, type Stage, STAGES } from "./fetch_stage.ts";
import { drawPicture } from "./pictures.ts";
import type { WorkerCodec } from "./worker_client.ts";

/** What a file is compared with. */
export interface FileContext {
  /** The photo that was encoded, if it is known. */
  readonly original?: ComparedPicture;
  /** Makes or fetches the files of other codecs. */
  readonly others?: () => Promise<readonly ComparedPicture[]>;
  /** Aborted when something else is to be shown. */
  readonly signal: AbortSignal;
}

/** What the images are called where a line begins, and elsewhere. */
const NAMES: Readonly<Record<Stage, readonly [string, string]>> = {
  thumbnail: ["Placeholder", "placeholder"],
  medium: ["Medium image", "medium image"],
  high: ["High image", "high image"],
};

/** The elements of the page that show a file. */
export class FileView {
  readonly #codec: WorkerCodec;
  readonly #status: HTMLElement;
  readonly #log: HTMLElement;
  readonly #table: HTMLTableElement;
  readonly #comparison: Comparison;
  readonly #medium: HTMLCanvasElement;

  /**
   * Connects the elements of a page.
   *
   * @param part Finds an element by its `data-part`.
   * @param codec Decodes the file.
   */
  constructor(
    part: <Part extends HTMLElement>(name: string) => Part,
    codec: WorkerCodec,
  ) {
    this.#codec = codec;
    this.#status = part("status");
    this.#log = part("log");
    this.#table = part<HTMLTableElement>("table");
    this.#comparison = new Comparison(part("compare"));
    this.#medium = part<HTMLCanvasElement>("medium");
  }

  /** Hides everything. */
  clear(): void {
    this.#log.replaceChildren();
    this.#table.hidden = true;
    this.#comparison.hide();
  }

  /**
   * Adds a line to the list of what was done.
   *
   * @param what What was done.
   * @param bytes Bytes that it took.
   * @param pixels Pixels of the whole photo, for bits per pixel.
   * @param milliseconds How long it took, if that is known.
   */
  report(
    what: string,
    bytes: number,
    pixels: number,
    milliseconds?: number,
  ): void {
    const line = document.createElement("li");
    const bits = bitsPerPixel(bytes, pixels);
    line.textContent = `${what}: ${withCommas(bytes)} bytes, ` +
      `${bits} bits per pixel` +
      (milliseconds === undefined ? "" : `, ${milliseconds.toFixed(0)} ms`);
    this.#log.append(line);
  }

  /**
   * Decodes and shows a file while its bytes arrive.
   *
   * @param file The file.
   * @param context What it is compared with.
   * @throws {Error} With a message for the reader, if it cannot be decoded.
   */
  async show(
    file: PartialFile,
    { original, others, signal }: FileContext,
  ): Promise<void> {
    const before = original === undefined ? [] : [original];
    const smaller: ComparedPicture[] = [];
    let high: ComparedPicture | undefined, pixels = 0;
    for (const stage of STAGES) {
      const [name, title] = NAMES[stage];
      this.#status.textContent = `Fetching the ${title}…`;
      const { header, bytes } = await fetchStage(file, stage);
      pixels = header.width * header.height;
      signal.throwIfAborted();
      this.#status.textContent = `Decoding the ${title}…`;
      const decoded = await this.#codec.decode(bytes, stage);
      signal.throwIfAborted();
      const { picture, milliseconds } = decoded;
      if (decoded.stage === stage) {
        const { width, height } = picture;
        const share = (100 * bytes.length / header.fileBytes).toFixed(0);
        const what =
          `${name}, ${width} × ${height} pixels, ${share} % of the file`;
        this.report(what, bytes.length, pixels, milliseconds);
      } else {
        const { highIs } = decoded;
        this.report(`The ${title} is ${highIs}`, file.received(), pixels);
      }
      const shown = {
        name: `Ours, ${title.replace(" image", "")}`,
        picture,
        bytes: bytes.length,
      };
      if (stage === "high") {
        high = { ...shown, ...psnrBeside(picture, original?.picture) };
        break;
      }
      smaller.unshift(shown);
      drawPicture(this.#medium, picture);
      this.#comparison.show([...before, ...smaller], "Original", shown.name);
    }
    this.#status.textContent = "Comparing with other formats…";
    const coded = [high!, ...await others?.() ?? []];
    signal.throwIfAborted();
    const pictures = [...before, ...coded, ...smaller];
    this.#comparison.show(pictures, pictures[0]!.name, high!.name);
    this.#table.tBodies[0]!.replaceChildren(
      ...coded.map((one) => tableRow(one, pixels)),
    );
    this.#table.hidden = false;
  }
}

/** A damaged file gives an image of another size, which has no PSNR. */
function psnrBeside(
  { data }: Pixels,
  original: Pixels | undefined,
): { psnrDb?: number } {
  return original?.data.length === data.length
    ? { psnrDb: psnr(data, original.data) }
    : {};
}

/** A row of the table: name, bytes, bits per pixel, PSNR. */
function tableRow(
  { name, bytes = 0, psnrDb }: ComparedPicture,
  pixels: number,
): HTMLElement {
  const row = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  head.textContent = name;
  const cells = [
    withCommas(bytes),
    bitsPerPixel(bytes, pixels),
    psnrDb === Infinity ? "∞" : psnrDb?.toFixed(2) ?? "",
  ].map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  });
  row.append(head, ...cells);
  return row;
}

function withCommas(value: number): string {
  return value.toLocaleString("en-US");
}

function bitsPerPixel(bytes: number, pixels: number): string {
  return (8 * bytes / pixels).toFixed(3);
}
