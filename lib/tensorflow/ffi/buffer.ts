/**
 * `TF_Buffer`, in which the C API gives messages back.
 *
 * @module
 */

/**
 * Copies a buffer's bytes.
 *
 * @param buffer `TF_Buffer*`, not null.
 * @returns Its bytes.
 */
export function readBuffer(
  buffer: Deno.PointerValue,
): Uint8Array<ArrayBuffer> {
  // TF_Buffer { const void* data; size_t length; void (*deallocator)(…) }
  const view = new Deno.UnsafePointerView(buffer!);
  const bytes = new Uint8Array(Number(view.getBigUint64(8)));
  if (bytes.length > 0) {
    Deno.UnsafePointerView.copyInto(view.getPointer(0)!, bytes);
  }
  return bytes;
}
