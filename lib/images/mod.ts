/**
 * Image files to 8-bit sRGB pixels and back; cropping and scaling.
 *
 * @module
 */
export * from "./crop_image.ts";
export * from "./decode_pixels.ts";
export * from "./encode_pixels.ts";
export * from "./image_error.ts";
export * from "./pixels.ts";
export * from "./sharp_pixels.ts";
export * from "./resize_image.ts";
