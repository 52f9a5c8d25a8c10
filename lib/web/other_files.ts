/**
 * The photo, coded by other codecs in about as many bytes as ours.
 *
 * @module
 */
import type { Pixels } from "@/images/pixels.ts";
import { psnr } from "@/metrics/psnr.ts";
import type { ComparedPicture } from "./compare.ts";
import type { DemoQuality } from "./demo_photos.ts";
import { checkAnswer } from "./fetch_file.ts";
import { fileOfSize } from "./pictures.ts";
import { readBlob } from "./read_photo.ts";

/**
 * Fetches an image.
 *
 * @param address Where it is.
 * @returns Its pixels.
 * @throws {FetchError} If the server does not send it.
 * @throws {Error} With a message for the reader, if it cannot be read.
 */
export async function fetchPicture(address: string): Promise<Pixels> {
  const response = await fetch(address);
  checkAnswer(response, `"${address}"`);
  return await readBlob(await response.blob());
}

/**
 * Fetches the files of other codecs. Those that the browser cannot read are
 * skipped.
 *
 * @param quality Lists the files.
 * @param addressOf Turns a path into an address.
 * @param original The photo, which they are compared with.
 * @returns Their pictures, sizes and PSNR.
 */
export async function fetchOthers(
  { others }: DemoQuality,
  addressOf: (path: string) => string,
  original: Pixels,
): Promise<ComparedPicture[]> {
  const found = await Promise.all(others.map(async ({ name, path, bytes }) => {
    try {
      const picture = await fetchPicture(addressOf(path));
      const psnrDb = psnr(picture.data, original.data);
      return [{ name, picture, bytes, psnrDb }];
    } catch {
      return [];
    }
  }));
  return found.flat();
}

/**
 * Encodes a photo as JPEG and WebP, as far as the browser can.
 *
 * @param original The photo.
 * @param maxBytes Maximum size of a file.
 * @returns Their pictures, sizes and PSNR.
 */
export async function encodeOthers(
  original: Pixels,
  maxBytes: number,
): Promise<ComparedPicture[]> {
  const others: ComparedPicture[] = [];
  for (const name of ["JPEG", "WebP"]) {
    const type = `image/${name.toLowerCase()}`;
    const blob = await fileOfSize(original, type, maxBytes);
    if (blob === undefined) continue;
    const picture = await readBlob(blob);
    const psnrDb = psnr(picture.data, original.data);
    others.push({ name, picture, bytes: blob.size, psnrDb });
  }
  return others;
}
