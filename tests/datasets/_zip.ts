/**
 * Zip archives, good and bad, made in memory.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 * @module
 */
import { crc32, deflateRawSync } from "node:zlib";

/** One entry of an archive. */
export interface ZipEntry {
  /** Its path, as bad as one likes. */
  readonly name: string;
  /** Its bytes. */
  readonly data: Uint8Array;
  /** Whether to compress it. */
  readonly deflate?: boolean;
  /** A checksum that may be wrong. */
  readonly checksum?: number;
}

/** Makes an archive. */
export function makeZip(entries: readonly ZipEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, data, deflate = false, checksum } of entries) {
    const path = new TextEncoder().encode(name);
    const stored = deflate ? new Uint8Array(deflateRawSync(data)) : data;
    // From "version needed" to "extra field length", the same in both headers.
    const common = new DataView(new ArrayBuffer(26));
    common.setUint16(0, 20, true);
    common.setUint16(2, 0x800, true); // names in UTF-8
    common.setUint16(4, deflate ? 8 : 0, true);
    common.setUint32(10, checksum ?? crc32(data), true);
    common.setUint32(14, stored.length, true);
    common.setUint32(18, data.length, true);
    common.setUint16(22, path.length, true);
    const both = new Uint8Array(common.buffer);
    const local = join([[0x50, 0x4b, 3, 4], both, path, stored]);
    const central = new DataView(new ArrayBuffer(14));
    central.setUint32(10, offset, true);
    const end = new Uint8Array(central.buffer);
    directory.push(join([[0x50, 0x4b, 1, 2, 20, 0], both, end, path]));
    parts.push(local);
    offset += local.length;
  }
  const list = join(directory);
  const end = new DataView(new ArrayBuffer(18));
  end.setUint16(4, entries.length, true);
  end.setUint16(6, entries.length, true);
  end.setUint32(8, list.length, true);
  end.setUint32(12, offset, true);
  const tail = new Uint8Array(end.buffer);
  return join([...parts, list, [0x50, 0x4b, 5, 6], tail]);
}

function join(parts: readonly ArrayLike<number>[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
