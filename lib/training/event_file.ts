/**
 * TensorBoard's event files, one in a folder. An event holds the values of a
 * step and is framed as a record of TFRecord:
 *
 *     length (8) │ checksum of it (4) │ event (length) │ checksum of it (4)
 *
 * tfjs's writer of summaries can neither write images nor resume after a stop
 * without repeating steps.
 *
 * Sources: https://www.tensorflow.org/tutorials/load_data/tfrecord and the
 * definitions of `Event` and `Summary` in tensorflow/core of TensorFlow; for the
 * checksum G. Castagnoli, S. Bräuer and M. Herrmann, "Optimization of Cyclic
 * Redundancy-Check Codes with 24 and 32 Parity Bits", 1993.
 *
 * @module
 */

import { decodePixels } from "@/images/mod.ts";
import { ProtobufWriter, readFields } from "@/tensorflow/ffi/protobuf.ts";
import { atomicWrite } from "@/files/atomic_write.ts";
import { listIfPresent } from "@/files/if_present.ts";
import { writeError } from "@/files/system_error.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** When something was measured. */
export interface EventTime {
  /** Steps done. */
  readonly step: number;
  /** Seconds since 1970. */
  readonly seconds: number;
}

/** The events of one folder, such as those of validation. */
export class EventFile {
  /** The last step that has events; 0 without any. */
  readonly lastStep: number;
  readonly #folder: string;
  readonly #old: readonly string[];
  #path: string | undefined;
  #waiting: Bytes[];

  private constructor(folder: string, old: readonly string[], kept: Kept[]) {
    this.#folder = folder;
    this.#old = old;
    this.lastStep = kept.at(-1)?.step ?? 0;
    // A TensorBoard that has already read later steps drops them here.
    const version = new ProtobufWriter().bytes(3, "brain.Event:2");
    const start = new ProtobufWriter()
      .bytes(7, new ProtobufWriter().varint(1, 1));
    this.#waiting = [version.finish(), start.finish()];
    this.#waiting.push(...kept.map(({ event }) => event));
  }

  /**
   * Opens a folder's events as they were after a step; later ones are dropped.
   *
   * @param folder It need not exist.
   * @param step Steps done, 0 for a new run.
   * @returns The events.
   */
  static async open(folder: string, step: number): Promise<EventFile> {
    const old = await eventFiles(folder);
    const newest = old.at(-1);
    const bytes = newest === undefined
      ? new Uint8Array()
      : await Deno.readFile(`${folder}/${newest}`);
    const kept = Array.from(records(bytes), (event) => ({
      event,
      step: stepOf(event),
    }));
    const done = kept.filter((event) => event.step > 0 && event.step <= step);
    return new EventFile(folder, old, done);
  }

  /**
   * Adds numbers; `flush` writes them.
   *
   * @param time When they were measured.
   * @param scalars Numbers by name.
   */
  addScalars(time: EventTime, scalars: Readonly<Record<string, number>>): void {
    this.#add(
      time,
      Object.entries(scalars).map(([tag, value]) =>
        new ProtobufWriter().bytes(1, tag).float(2, value)
      ),
    );
  }

  /**
   * Adds an image; `flush` writes it.
   *
   * @param time When it was made.
   * @param tag Its name.
   * @param bytes A PNG or JPEG file.
   */
  async addPhotos(
    time: EventTime,
    tag: string,
    bytes: Uint8Array,
  ): Promise<void> {
    const { width, height } = await decodePixels(bytes);
    const image = new ProtobufWriter()
      .varint(1, height)
      .varint(2, width)
      .varint(3, 3) // RGB
      .bytes(4, bytes);
    this.#add(time, [new ProtobufWriter().bytes(1, tag).bytes(4, image)]);
  }

  /**
   * Writes what is new.
   *
   * @throws {UserError} When the disk is full.
   */
  async flush(): Promise<void> {
    if (this.#waiting.length === 0) return;
    const bytes = await new Blob(this.#waiting.flatMap(frame)).bytes();
    this.#waiting = [];
    if (this.#path === undefined) return await this.#begin(bytes);
    try {
      await Deno.writeFile(this.#path, bytes, { append: true });
    } catch (error) {
      throw writeError(this.#path, error);
    }
  }

  #add({ step, seconds }: EventTime, values: readonly ProtobufWriter[]): void {
    const summary = new ProtobufWriter();
    for (const value of values) summary.bytes(1, value);
    const event = new ProtobufWriter()
      .double(1, seconds)
      .varint(2, step)
      .bytes(5, summary);
    this.#waiting.push(event.finish());
  }

  /** Replaces older files by a new one, in full or not at all. */
  async #begin(bytes: Bytes): Promise<void> {
    const name = `${PREFIX}${Date.now()}`;
    const path = `${this.#folder}/${name}`;
    await atomicWrite(path, bytes);
    this.#path = path;
    for (const other of this.#old.filter((other) => other !== name)) {
      await Deno.remove(`${this.#folder}/${other}`);
    }
  }
}

interface Kept {
  readonly event: Bytes;
  readonly step: number;
}

/** TensorBoard finds files by it and reads them in the order of their names. */
const PREFIX = "events.out.tfevents.";

/** Names of a folder's event files, the newest last. */
async function eventFiles(folder: string): Promise<string[]> {
  return (await listIfPresent(folder)).map(({ name }) => name)
    .filter((name) => name.startsWith(PREFIX)).sort();
}

/** An event as a record. */
function frame(event: Bytes): Bytes[] {
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(event.length), true);
  return [length, checksum(length), event, checksum(event)];
}

/** The events of a file, up to one that was cut off by a crash. */
function* records(bytes: Bytes): Generator<Bytes> {
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 16 <= bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    const end = at + 16 + length;
    const event = bytes.subarray(at + 12, end - 4);
    if (end > bytes.length) return;
    if (view.getUint32(end - 4, true) !== masked(event)) return;
    yield event;
    at = end;
  }
}

function stepOf(event: Bytes): number {
  for (const { number, value } of readFields(event)) {
    if (number === 2) return value as number;
  }
  return 0;
}

function checksum(bytes: Bytes): Bytes {
  const found = new Uint8Array(4);
  new DataView(found.buffer).setUint32(0, masked(bytes), true);
  return found;
}

/** As in TFRecord, where a record may hold checksums itself. */
function masked(bytes: Bytes): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return crc;
});

/**
 * The CRC-32C of bytes, Castagnoli's: the checksum in TensorFlow's files.
 *
 * @param bytes What to sum up.
 * @returns A whole number in 0..2³² - 1.
 *
 * @example
 * ```ts
 * import { crc32c } from "./event_file.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const digits = new TextEncoder().encode("123456789");
 * assertEquals(crc32c(digits).toString(16), "e3069283");
 * ```
 */
export function crc32c(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}
