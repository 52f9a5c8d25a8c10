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
} from "@/codec/encode/analyse_tile.ts";
export { type ValueChooser } from "@/codec/encode/choose_value.ts";
export { type WantedLatents } from "@/codec/model/code_latents.ts";
export * from "@/codec/format/codec_error.ts";
export {
  type CodecModel,
  type LoadedModel,
  loadModel,
  type RealWeight,
} from "@/codec/model/codec_model.ts";
export { type CodecSettings } from "@/codec/model/codec_weights.ts";
export { computesExactly } from "@/codec/model/computes_exactly.ts";
export * from "@/codec/format/container.ts";
export * from "@/codec/format/crc32.ts";
export * from "@/codec/decode/decode_image.ts";
export { type DecodedPictures } from "@/codec/decode/decode_layers.ts";
export * from "@/codec/encode/encode_image.ts";
export * from "@/codec/encode/encode_near.ts";
export * from "@/codec/training/fit_table.ts";
export * from "@/codec/entropy/frequency_tables.ts";
export * from "@/codec/entropy/gaussian_tables.ts";
export {
  FORMAT_VERSION,
  type Header,
  LARGEST_SIDE,
  LONGEST_HEADER,
  MODEL_ID_BYTES,
  type ParsedHeader,
} from "@/codec/format/header.ts";
export {
  type IntegerTensors,
  type IntegerWeights,
} from "@/codec/model/integer_layer.ts";
export * from "@/codec/format/parse_header.ts";
export { type Layer } from "@/codec/model/networks.ts";
export { type Picture } from "@/codec/model/picture.ts";
export * from "@/codec/entropy/rans_decoder.ts";
export * from "@/codec/entropy/rans_encoder.ts";
export {
  type Region,
  type Size,
  type Tile,
  type Tiles,
} from "@/codec/format/tiles.ts";
export { readWeights } from "@/codec/model/weights_file.ts";
