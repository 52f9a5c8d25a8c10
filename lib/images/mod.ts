/**
 * Image files to 8-bit sRGB pixels and back; cropping and scaling.
 *
 * @module
 */
export { cropImage, cropMiddle, type Rectangle } from "./crop_image.ts";
export { decodePixels, imageSize, readImage } from "./decode_pixels.ts";
export {
  type EncodeOptions,
  encodePixels,
  type ImageFormat,
  writeImage,
} from "./encode_pixels.ts";
export { ImageError } from "./image_error.ts";
export type { Pixels } from "./pixels.ts";
export { imageVersions } from "./sharp_pixels.ts";
export { halveImage, resizeImage } from "./resize_image.ts";
