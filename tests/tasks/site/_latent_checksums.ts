/** Checksums of latents, to compare what two machines decode. */
import { decodeGroup, readClipHeader } from "@/codec/decode/decode_clip.ts";
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { isClip } from "@/codec/format/clip_header.ts";
import { crc32 } from "@/codec/format/crc32.ts";
import { type LoadedModel, readContainer } from "@/codec/mod.ts";

/** Frames of a clip, of which all but the first are given the one before. */
const FRAMES = 3;

/**
 * Decodes the latents of a photo or of a clip's first frames.
 *
 * @param loaded The models.
 * @param file The file.
 * @returns The CRC-32 of each tile's latents, in order.
 */
export async function latentChecksums(
  loaded: LoadedModel,
  file: Uint8Array,
): Promise<number[]> {
  const found: number[] = [];
  const onTile = (
    _: unknown,
    { buffer, byteOffset, byteLength }: Int16Array,
  ) => {
    found.push(crc32(new Uint8Array(buffer, byteOffset, byteLength)));
  };
  if (isClip(file)) {
    const read = (start: number, end: number) => file.subarray(start, end);
    const clip = await readClipHeader(read);
    const frames = decodeGroup(loaded, clip, 0, read, { onTile });
    let count = 0;
    for await (const _ of frames) {
      if (++count === FRAMES) break;
    }
  } else {
    const { header, layers } = readContainer(file);
    await decodeLayers(loaded, { ...header, layers }, { high: true, onTile });
  }
  return found;
}
