/**
 * As much of the protocol buffer wire format as is needed to read an `OpDef`
 * and to write a `ConfigProto`, a `ServerDef` or an `Event`.
 *
 * Source: https://protobuf.dev/programming-guides/encoding/
 *
 * @module
 */

/** One field of a message: its number and its value. */
export interface Field {
  /** Field number in the message's definition. */
  readonly number: number;
  /** The number of a varint field, or the bytes of a length-delimited one. */
  readonly value: number | Uint8Array<ArrayBuffer>;
}

/**
 * Reads a message's fields in order. Fixed 32- and 64-bit fields come as bytes.
 *
 * @param bytes The message.
 * @returns One field after the other.
 * @throws {RangeError} If the message is cut short or contains a group.
 */
export function* readFields(bytes: Uint8Array<ArrayBuffer>): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0, scale = 1;
    while (at < bytes.length) {
      const byte = bytes[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
    throw new RangeError("Protocol buffer message is cut short.");
  };
  const take = (length: number): Uint8Array<ArrayBuffer> => {
    if (at + length > bytes.length) {
      throw new RangeError("Protocol buffer message is cut short.");
    }
    return bytes.subarray(at, at += length);
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8), wire = tag % 8;
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 1) yield { number, value: take(8) };
    else if (wire === 2) yield { number, value: take(varint()) };
    else if (wire === 5) yield { number, value: take(4) };
    else throw new RangeError(`Protocol buffer wire type ${wire} is not read.`);
  }
}

const encoder = new TextEncoder();

/** Writes messages field by field. */
export class ProtobufWriter {
  readonly #bytes: number[] = [];

  /**
   * Adds a varint field: an integer, an enum or a boolean.
   *
   * @param number The field's number.
   * @param value Not negative.
   * @returns The writer.
   */
  varint(number: number, value: number): this {
    this.#varint(number * 8);
    this.#varint(value);
    return this;
  }

  /**
   * Adds a 32-bit floating-point field.
   *
   * @param number The field's number.
   * @param value Its value.
   * @returns The writer.
   */
  float(number: number, value: number): this {
    this.#varint(number * 8 + 5);
    this.#bytes.push(...new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  /**
   * Adds a 64-bit floating-point field.
   *
   * @param number The field's number.
   * @param value Its value.
   * @returns The writer.
   */
  double(number: number, value: number): this {
    this.#varint(number * 8 + 1);
    this.#bytes.push(...new Uint8Array(Float64Array.of(value).buffer));
    return this;
  }

  /**
   * Adds a length-delimited field.
   *
   * @param number The field's number.
   * @param value A string, bytes or another message.
   * @returns The writer.
   */
  bytes(number: number, value: string | Uint8Array | ProtobufWriter): this {
    const bytes = value instanceof ProtobufWriter
      ? value.finish()
      : typeof value === "string"
      ? encoder.encode(value)
      : value;
    this.#varint(number * 8 + 2);
    this.#varint(bytes.length);
    for (const byte of bytes) this.#bytes.push(byte);
    return this;
  }

  /**
   * Ends the message, to which more can still be added.
   *
   * @returns Its bytes so far.
   */
  finish(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#bytes);
  }

  #varint(value: number): void {
    while (value >= 128) {
      this.#bytes.push(value % 128 + 128);
      value = Math.floor(value / 128);
    }
    this.#bytes.push(value);
  }
}
