/** Files with the header of a photo and zeros for its layers. */
import { parseHeader, writeHeader } from "@/codec/format/header.ts";

/** Writes a file; `missing` bytes at its end are cut off. */
export async function writePhoto(
  path: string,
  layerBytes: readonly [number, number, number],
  missing = 0,
): Promise<void> {
  const header = writeHeader({
    model: new Uint8Array(8),
    width: 344,
    height: 344,
    quality: 50,
    coarseness: 0,
    effort: 0,
    layerBytes,
  });
  const file = new Uint8Array(parseHeader(header).fileBytes - missing);
  file.set(header);
  await Deno.writeFile(path, file);
}
