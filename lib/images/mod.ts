/**
 * Pixels in and out: files to 8-bit sRGB and back, scaled and cropped.
 *
 * @module
 */
export { cropImage, type Rectangle } from "./crop_image.ts";
export { decodeImage } from "./decode_image.ts";
export {
  encodeImage,
  type EncodeOptions,
  type ImageFormat,
} from "./encode_image.ts";
export { ImageError } from "./image_error.ts";
export { imageSize } from "./image_size.ts";
export type { Pixels } from "./pixels.ts";
export { readImage } from "./read_image.ts";
export { halveImage, resizeImage } from "./resize_image.ts";
export { writeImage } from "./write_image.ts";
