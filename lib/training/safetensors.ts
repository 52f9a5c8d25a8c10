/**
 * Weights in the safetensors format: a length, a JSON header, raw numbers.
 *
 *     u64 n │ n bytes of JSON: {"name": {dtype, shape, data_offsets}, …} │ data
 *
 * Source: https://github.com/huggingface/safetensors, "Format".
 *
 * @module
 */

/** One tensor of a file. */
export interface StoredTensor {
  /** Its shape. */
  readonly shape: readonly number[];
  /** Its values. */
  readonly data: Float32Array;
}

/** What a file holds. */
export interface Safetensors {
  /** Tensors by name. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Texts by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Thrown for bytes that are no whole safetensors file. */
export class SafetensorsError extends Error {
  /** The class, for stack traces. */
  override name = "SafetensorsError";
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/**
 * Writes tensors and texts into bytes.
 *
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from "@/training/mod.ts";
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
    header[name] = { dtype: "F32", shape, data_offsets: [offset, end] };
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
  for (const { data } of tensors.values()) {
    bytes.set(
      new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      at,
    );
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a file's bytes.
 *
 * @throws {SafetensorsError} When the bytes are cut short, have a broken
 * header, or hold numbers other than 32-bit floats.
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
    if (dtype !== "F32" || to - from !== 4 * count) {
      throw new SafetensorsError(
        `Tensor "${name}" is not ${count} 32-bit floats.`,
      );
    }
    if (start + to > bytes.length) {
      throw new SafetensorsError(`The file ends before tensor "${name}" does.`);
    }
    const data = new Float32Array(bytes.slice(start + from, start + to).buffer);
    tensors.set(name, { shape, data });
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
    throw new SafetensorsError("The file ends inside of its header.");
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
