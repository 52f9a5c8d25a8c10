/**
 * Requests of clients for photos: what the simulator and a real cache are given.
 * A trace names photos and sizes, so that every way of storing them can answer
 * it. Two forms are read:
 *
 * - JSON, an object a line: `{"photo": "heron", "size": "medium"}`
 * - the text of Tencent's photo trace of 2016, fields between blanks: time,
 *   photo, format, class of size, bytes, hit, device, milliseconds:
 *   `20160201164604 085abb02a06850729bb01479466420d9e102d325 5 m 12903 1 PHONE 1`
 *
 * @see https://iotta.snia.org/traces/parallel?only=27476
 * @module
 */

/** Requests of a trace, in order. */
export interface TraceBlock {
  /** Numbers of the photos, from 0 in the order of first appearance. */
  readonly photos: Uint32Array;
  /** 1 where the photo itself is asked for, 0 for the medium image. */
  readonly isHigh: Uint8Array;
}

/** A trace, read or made as it is needed. */
export type Trace = Iterable<TraceBlock> | AsyncIterable<TraceBlock>;

/** Requests in a block; the last one may have fewer. */
export const TRACE_BLOCK = 65_536;

/** A line that is no request. */
export interface BrokenLine {
  /** Its number, from 1. */
  readonly line: number;
  /** What is wrong with it. */
  readonly reason: string;
}

/** How a file is read. */
export interface TraceForm {
  /** The form of its lines. */
  readonly form: "json" | "tencent";
  /**
   * Which classes of Tencent's sizes count as the medium image and as the
   * photo, such as `{ medium: "m", high: "l" }`; others are skipped.
   */
  readonly classes?: { readonly medium: string; readonly high: string };
}

/** The broken lines that are named; the rest is counted. */
const NAMED = 5;

/** A trace in a text file. */
export class TraceFile implements AsyncIterable<TraceBlock> {
  readonly #lines: AsyncIterable<string>;
  readonly #form: TraceForm;
  readonly #numbers = new Map<string, number>();
  #lineCount = 0;
  #brokenCount = 0;
  #otherCount = 0;
  #bytes = 0;
  #withBytes = 0;
  readonly #broken: BrokenLine[] = [];

  /**
   * Makes a reader, which can be run through once.
   *
   * @param lines Its lines.
   * @param form How they are read.
   */
  constructor(lines: AsyncIterable<string>, form: TraceForm) {
    this.#lines = lines;
    this.#form = form;
  }

  /** Lines that were read so far. */
  get lineCount(): number {
    return this.#lineCount;
  }

  /** Lines that are no requests and were skipped. */
  get brokenCount(): number {
    return this.#brokenCount;
  }

  /** The first of these. */
  get broken(): readonly BrokenLine[] {
    return this.#broken;
  }

  /** Requests for other sizes, which were skipped. */
  get otherCount(): number {
    return this.#otherCount;
  }

  /** Names of the photos, by number. */
  get names(): readonly string[] {
    return [...this.#numbers.keys()];
  }

  /** Mean bytes of requests that tell them; `undefined` if none does. */
  get meanBytes(): number | undefined {
    return this.#withBytes === 0 ? undefined : this.#bytes / this.#withBytes;
  }

  /** Reads the requests. */
  async *[Symbol.asyncIterator](): AsyncGenerator<TraceBlock> {
    let photos = new Uint32Array(TRACE_BLOCK),
      isHigh = new Uint8Array(TRACE_BLOCK);
    let count = 0;
    for await (const line of this.#lines) {
      this.#lineCount++;
      if (line.trim() === "") continue;
      const request = this.#parse(line);
      if (request === undefined) continue;
      photos[count] = this.#numberOf(request.photo);
      isHigh[count++] = request.size === "high" ? 1 : 0;
      if (count < TRACE_BLOCK) continue;
      yield { photos, isHigh };
      [photos, isHigh] = [
        new Uint32Array(TRACE_BLOCK),
        new Uint8Array(TRACE_BLOCK),
      ];
      count = 0;
    }
    if (count === 0) return;
    yield { photos: photos.slice(0, count), isHigh: isHigh.slice(0, count) };
  }

  #numberOf(photo: string): number {
    const known = this.#numbers.get(photo);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(photo, number);
    return number;
  }

  #parse(line: string): TraceRequest | undefined {
    const { form, classes } = this.#form;
    const found = form === "json"
      ? parseJson(line)
      : parseTencent(line, classes ?? { medium: "m", high: "l" });
    if (typeof found === "string") {
      this.#brokenCount++;
      if (this.#broken.length < NAMED) {
        this.#broken.push({ line: this.#lineCount, reason: found });
      }
      return undefined;
    }
    if (found.bytes !== undefined) {
      this.#bytes += found.bytes;
      this.#withBytes++;
    }
    if (found.size !== undefined) return { ...found, size: found.size };
    this.#otherCount++;
    return undefined;
  }
}

interface TraceRequest {
  readonly photo: string;
  readonly size: "medium" | "high";
}

interface ParsedLine {
  readonly photo: string;
  readonly size: "medium" | "high" | undefined;
  readonly bytes?: number;
}

/** The request of a line, or what is wrong with it. */
function parseJson(line: string): ParsedLine | string {
  let value: { photo?: unknown; size?: unknown } | null;
  try {
    value = JSON.parse(line);
  } catch {
    return "it is not JSON";
  }
  const { photo, size } = value ?? {};
  if (typeof photo !== "string" || photo === "") return "it names no photo";
  if (size !== "medium" && size !== "high") {
    return 'its size is neither "medium" nor "high"';
  }
  return { photo, size };
}

function parseTencent(
  line: string,
  { medium, high }: { readonly medium: string; readonly high: string },
): ParsedLine | string {
  const fields = line.trim().split(/\s+/);
  if (fields.length !== 8) return `it has ${fields.length} fields, not 8`;
  const [time, photo, , size, bytes] = fields as [
    string,
    string,
    string,
    string,
    string,
  ];
  if (!/^\d{14}$/.test(time)) return `its time is "${time}"`;
  if (!/^[0-9a-f]+$/i.test(photo)) return `its photo is "${photo}"`;
  if (!/^[a-z]$/.test(size)) return `its class of size is "${size}"`;
  if (!/^\d+$/.test(bytes)) return `its bytes are "${bytes}"`;
  const known = medium.includes(size)
    ? "medium"
    : high.includes(size)
    ? "high"
    : undefined;
  return { photo, size: known, bytes: Number(bytes) };
}
