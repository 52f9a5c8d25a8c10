/**
 * Weights in the safetensors format: a length, a JSON header, raw numbers.
 *
 *     u64 n │ n bytes of JSON: {"name": {dtype, shape, data_offsets}, …} │ data
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 *
 * @module
 */

/** Numbers of a file. */
export type StoredNumbers =
  | Float32Array
  | Float16Array
  | Int32Array
  | Int16Array
  | Uint8Array;

/** One tensor of a file. */
export interface StoredTensor {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values; 16-bit floats are read as 32-bit ones. */
  readonly data: StoredNumbers;
}

/** What a file holds. */
export interface Safetensors {
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Thrown for bytes that are not a complete safetensors file. */
export class SafetensorsError extends Error {
  /** The class, for stack traces. */
  override readonly name = "SafetensorsError";
}

/** How numbers of a type are named and read. */
const TYPES: Readonly<
  Record<string, { bytes: number; read(buffer: ArrayBuffer): StoredNumbers }>
> = {
  F32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  F16: { bytes: 2, read: (buffer) => readHalves(new Uint16Array(buffer)) },
  I32: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  I16: { bytes: 2, read: (buffer) => new Int16Array(buffer) },
  U8: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
};

function nameType(data: StoredNumbers): string {
  if (data instanceof Float32Array) return "F32";
  if (data instanceof Int32Array) return "I32";
  if (data instanceof Int16Array) return "I16";
  return data instanceof Uint8Array ? "U8" : "F16";
}

/** Without `Float16Array`, which not all browsers have. */
function readHalves(halves: Uint16Array): Float32Array {
  const numbers = new Float32Array(halves.length);
  const bits = new Uint32Array(numbers.buffer);
  // A loop, as `Float32Array.from` takes ten times as long.
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i]!;
    const exponent = (half >> 10) & 31, fraction = half & 1023;
    if (exponent === 0) {
      numbers[i] = (half & 0x8000 ? -1 : 1) * fraction * 2 ** -24;
    } else {
      const wide = exponent === 31 ? 255 : exponent + 112;
      bits[i] = (half & 0x8000) << 16 | wide << 23 | fraction << 13;
    }
  }
  return numbers;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes tensors and texts into bytes.
 *
 * @param contents Tensors and texts.
 * @returns A file's bytes.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@/models/safetensors.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = writeSafetensors({
 *   tensors: new Map([["w", { shape: [2], data: new Float32Array([1, 2]) }]]),
 *   metadata: { step: "3" },
 * });
 * assertEquals(readSafetensors(bytes).metadata["step"], "3");
 * ```
 */
export function writeSafetensors(
  { tensors, metadata }: Safetensors,
): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.byteLength;
    const place = [offset, end];
    header[name] = { dtype: nameType(data), shape, data_offsets: place };
    offset = end;
  }
  const json = JSON.stringify(header);
  // Padded so that the numbers lie at multiples of 8.
  const padded = new TextEncoder().encode(
    json + " ".repeat((8 - new TextEncoder().encode(json).length % 8) % 8),
  );
  const bytes = new Uint8Array(8 + padded.length + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded.length), true);
  bytes.set(padded, 8);
  let at = 8 + padded.length;
  for (const { data: { buffer, byteOffset, byteLength } } of tensors.values()) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
}

/**
 * Reads a file's bytes.
 *
 * @param bytes A file's bytes.
 * @returns Tensors and texts.
 * @throws {SafetensorsError} If the bytes are cut short, have a broken header,
 * or hold numbers of a type that is not supported here.
 */
export function readSafetensors(bytes: Uint8Array): Safetensors {
  const { header, start } = readHeader(bytes);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (!isEntry(value)) {
      throw new SafetensorsError(`Tensor "${name}" has no shape or place.`);
    }
    const { dtype, shape, data_offsets: [from, to] } = value;
    const count = shape.reduce((product, size) => product * size, 1);
    const type = Object.hasOwn(TYPES, dtype) ? TYPES[dtype] : undefined;
    if (type === undefined || to - from !== type.bytes * count) {
      throw new SafetensorsError(
        `Tensor "${name}" is not ${count} numbers of type "${dtype}".`,
      );
    }
    if (start + to > bytes.length) {
      throw new SafetensorsError(`The file ends before tensor "${name}" does.`);
    }
    const { buffer } = Uint8Array.from(
      bytes.subarray(start + from, start + to),
    );
    tensors.set(name, { shape, data: type.read(buffer) });
  }
  const metadata = header["__metadata__"] as Record<string, string> ?? {};
  return { tensors, metadata };
}

function isEntry(value: unknown): value is Entry {
  const { shape, data_offsets: place } = (value ?? {}) as Partial<Entry>;
  const isSize = (size: unknown) => Number.isInteger(size) && Number(size) >= 0;
  return Array.isArray(shape) && shape.every(isSize) &&
    Array.isArray(place) && place.length === 2 && place.every(isSize);
}

function readHeader(
  bytes: Uint8Array,
): { header: Record<string, unknown>; start: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < 8
    ? Infinity
    : Number(view.getBigUint64(0, true));
  if (8 + length > bytes.length) {
    throw new SafetensorsError("The file ends inside its header.");
  }
  const header = parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  if (typeof header !== "object" || header === null) {
    throw new SafetensorsError("The file's header is not JSON.");
  }
  return { header: header as Record<string, unknown>, start: 8 + length };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
