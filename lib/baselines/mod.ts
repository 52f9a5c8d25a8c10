/**
 * The codecs that a learned one has to beat, all in one shape, measured the
 * way ours is: on 8-bit decoded pixels and the sizes of real files.
 *
 * @module
 */
export * from "./avif.ts";
export * from "./codec.ts";
export * from "./encode_near_size.ts";
export * from "./jpeg.ts";
export * from "./jpeg_2000.ts";
export * from "./jpeg_xl.ts";
export * from "./measure.ts";
export * from "./measure_file.ts";
export * from "./published.ts";
export * from "./sharp_defaults.ts";
export * from "./versions.ts";
export * from "./webp.ts";
