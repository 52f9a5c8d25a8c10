/**
 * `TF_Output`, an operation of a graph and the index of one of its outputs, as
 * the C API takes it by value and in arrays.
 *
 * @module
 */

/**
 * Writes one output.
 *
 * @param operation `TF_Operation*`.
 * @param index Which of its outputs, from 0.
 * @returns 16 bytes.
 */
export function outputOf(
  operation: Deno.PointerValue,
  index: number,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, Deno.UnsafePointer.value(operation), true);
  view.setInt32(8, index, true);
  return bytes;
}

/**
 * Reads the operation of an output.
 *
 * @param output Its 16 bytes.
 * @returns `TF_Operation*`.
 */
export function operationOf(output: Uint8Array): Deno.PointerValue {
  const view = new DataView(output.buffer, output.byteOffset);
  return Deno.UnsafePointer.create(view.getBigUint64(0, true));
}

/**
 * Writes an array of outputs.
 *
 * @param outputs The 16 bytes of each.
 * @returns All bytes in a row.
 */
export function joinOutputs(
  outputs: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(16 * outputs.length);
  outputs.forEach((output, i) => bytes.set(output, 16 * i));
  return bytes;
}

/**
 * Writes an array of pointers.
 *
 * @param pointers The pointers.
 * @returns Their addresses.
 */
export function addresses(
  pointers: readonly Deno.PointerValue[],
): BigUint64Array<ArrayBuffer> {
  return BigUint64Array.from(
    pointers,
    (pointer) => Deno.UnsafePointer.value(pointer),
  );
}
