/**
 * The photo that speed is measured on.
 *
 * @module
 */
import { cropImage, imageSize, type Pixels, readImage } from "@/images/mod.ts";
import type { PhotosToMeasure } from "./photos.ts";
import { UserError } from "@/errors/user_error.ts";

/**
 * The middle of the first photo that is large enough.
 *
 * @param set The photos.
 * @param width In pixels.
 * @param height In pixels.
 * @throws {UserError} If none is.
 */
export async function speedPhoto(
  { name, photos }: PhotosToMeasure,
  width: number,
  height: number,
): Promise<{ name: string; photo: Pixels }> {
  for (const { path, name } of photos) {
    const size = await imageSize(path);
    if (size.width < width || size.height < height) continue;
    const photo = cropImage(await readImage(path), {
      left: (size.width - width) >> 1,
      top: (size.height - height) >> 1,
      width,
      height,
    });
    return { name, photo };
  }
  throw new UserError(
    `No photo of "${name}" has ${width}x${height} pixels to time codecs on.`,
  );
}
