/**
 * Shows a file on the page: the medium image as soon as its bytes are there,
 * then the high one, beside the original and other codecs.
 *
 * @module
 */
/// <reference lib="dom" />
import { MAX_HEADER_BYTES, parseHeader } from "@/codec/format/header.ts";
import type { Pixels } from "@/images/pixels.ts";
import { psnr } from "@/metrics/psnr.ts";
import { type ComparedPicture, Comparison } from "./compare.ts";
import type { PartialFile } from "./fetch_file.ts";
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

/** The elements of the page that show a file. */
export class FileView {
  readonly #codec: WorkerCodec;
  readonly #status: HTMLElement;
  readonly #log: HTMLElement;
  readonly #table: HTMLTableElement;
  readonly #comparison: Comparison;

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
    this.#status.textContent = "Fetching the medium image…";
    const header = parseHeader(await file.first(MAX_HEADER_BYTES));
    const pixels = header.width * header.height;
    const prefix = await file.first(header.mediumBytes);
    signal.throwIfAborted();
    this.#status.textContent = "Decoding the medium image…";
    const first = await this.#codec.decode(prefix, "medium");
    signal.throwIfAborted();
    const medium: ComparedPicture = {
      name: "Ours, medium",
      picture: first.picture,
      bytes: prefix.length,
    };
    this.report("Medium image", file.received(), pixels, first.milliseconds);
    this.#comparison.show([...before, medium], "Original", medium.name);
    this.#status.textContent = "Fetching the rest…";
    const whole = await file.first(header.fileBytes);
    signal.throwIfAborted();
    this.#status.textContent = "Decoding the high image…";
    const second = await this.#codec.decode(whole, "high");
    signal.throwIfAborted();
    if (second.highIs === "complete") {
      this.report("High image", file.received(), pixels, second.milliseconds);
    } else {
      this.report(
        `The high image is ${second.highIs}`,
        file.received(),
        pixels,
      );
    }
    const high: ComparedPicture = {
      name: "Ours, high",
      picture: second.picture,
      bytes: whole.length,
      ...psnrBeside(second.picture, original?.picture),
    };
    this.#status.textContent = "Comparing with other formats…";
    const coded = [high, ...await others?.() ?? []];
    signal.throwIfAborted();
    const pictures = [...before, ...coded, medium];
    this.#comparison.show(pictures, pictures[0]!.name, high.name);
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
