/**
 * The codecs that a learned one has to beat, all in one form, measured the same
 * way as ours: on 8-bit decoded pixels and the sizes of real files.
 *
 * @module
 */
export { type BaselinePoint, type Codec, type QualityRange } from "./codec.ts";
export * from "./encode_near_size.ts";
export { decodeJpeg2000Half, jpeg2000 } from "./jpeg_2000.ts";
export * from "./jpeg_xl.ts";
export * from "./measure_file.ts";
export * from "./published.ts";
export * from "./sharp_codecs.ts";
