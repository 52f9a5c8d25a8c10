/**
 * Photos to files and back. FORMAT.md beside this file describes the bytes.
 *
 *     photo ▶ encodeImage ▶ file ▶ decodeImage ▶ medium and high image
 *                  ▲                   ▲
 *                  └──── loadModel ────┘ ◀ readWeights ◀ file of weights
 *
 * Nothing here touches a file, a native library or an API that only Deno has,
 * so it also runs in a browser, on the backend of TensorFlow.js that is set.
 *
 * @module
 */
export {
  analyseTile,
  type TileAnalysis,
  type TileLatents,
} from "./analyse_tile.ts";
export { type ValueChooser } from "./choose_value.ts";
export { type WantedLatents } from "./code_latents.ts";
export * from "./codec_error.ts";
export {
  type CodecModel,
  type LoadedModel,
  loadModel,
  type RealWeight,
} from "./codec_model.ts";
export { type CodecSettings } from "./codec_weights.ts";
export { computesExactly } from "./computes_exactly.ts";
export * from "./container.ts";
export * from "./crc32.ts";
export * from "./decode_image.ts";
export { type DecodedPictures } from "./decode_layers.ts";
export * from "./encode_image.ts";
export * from "./encode_near.ts";
export * from "./fit_table.ts";
export * from "./frequency_tables.ts";
export * from "./gaussian_tables.ts";
export {
  FORMAT_VERSION,
  type Header,
  LARGEST_SIDE,
  LONGEST_HEADER,
  MODEL_ID_BYTES,
  type ParsedHeader,
} from "./header.ts";
export { type IntegerTensors, type IntegerWeights } from "./integer_layer.ts";
export * from "./parse_header.ts";
export { type Layer } from "./networks.ts";
export { type Picture } from "./picture.ts";
export * from "./rans_decoder.ts";
export * from "./rans_encoder.ts";
export { type Region, type Size, type Tile, type Tiles } from "./tiles.ts";
export { readWeights } from "./weights_file.ts";
