/**
 * The photo by other codecs, at about the bytes of ours.
 *
 * @module
 */
import type { Pixels } from "@/images/pixels.ts";
import type { Shown } from "./compare.ts";
import type { DemoQuality } from "./demo_photos.ts";
import { checkAnswer } from "./fetch_file.ts";
import { decibels, fileOfSize, readBlob } from "./pictures.ts";

/**
 * Fetches an image.
 *
 * @throws {FetchError} In a sentence, when the server does not send it.
 */
export async function fetchPicture(address: string): Promise<Pixels> {
  const response = await fetch(address);
  checkAnswer(response, `"${address}"`);
  return await readBlob(await response.blob());
}

/**
 * Fetches the files of other codecs; those that the browser cannot read are
 * left out.
 *
 * @param quality Lists them.
 * @param place Turns a path into an address.
 * @param original They are measured against it.
 */
export async function fetchOthers(
  { others }: DemoQuality,
  place: (path: string) => string,
  original: Pixels,
): Promise<Shown[]> {
  const found = await Promise.all(others.map(async ({ name, path, bytes }) => {
    try {
      const picture = await fetchPicture(place(path));
      return [{ name, picture, bytes, psnrDb: decibels(picture, original) }];
    } catch {
      return [];
    }
  }));
  return found.flat();
}

/**
 * Makes JPEG and WebP files of a photo, as far as the browser can write them.
 *
 * @param original The photo.
 * @param most Bytes that a file may have.
 */
export async function makeOthers(
  original: Pixels,
  most: number,
): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const name of ["JPEG", "WebP"]) {
    const type = `image/${name.toLowerCase()}`;
    const blob = await fileOfSize(original, type, most);
    if (blob === undefined) continue;
    const picture = await readBlob(blob);
    const psnrDb = decibels(picture, original);
    shown.push({ name, picture, bytes: blob.size, psnrDb });
  }
  return shown;
}
