/** Edits the main header of a JPEG 2000 codestream (ISO/IEC 15444-1, annex A). */

const startOfCodestream = 0xff4f;
const comment = 0xff64;
const startOfTilePart = 0xff90;

/**
 * The codestream without the comments of its main header.
 *
 * The encoder names itself in one, 39 bytes of metadata that no decoder reads.
 * Later parts hold their own lengths, and none counts the main header.
 */
export function withoutComments(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== startOfCodestream) {
    throw new Error(
      `JPEG 2000 codestream of ${bytes.length} bytes has no header`,
    );
  }
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (view.getUint16(at) !== startOfTilePart) {
    const end = at + 2 + view.getUint16(at + 2);
    if (view.getUint16(at) !== comment) kept.push(bytes.subarray(at, end));
    at = end;
  }
  kept.push(bytes.subarray(at));
  const out = new Uint8Array(kept.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of kept) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}
