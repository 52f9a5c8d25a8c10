/**
 * Photos to files and back. FORMAT.md beside this file describes the bytes.
 *
 *     photo ▶ encodeImage ▶ file ▶ decodeImage ▶ thumbnail, medium, high image
 *                  ▲                   ▲
 *                  └──── loadModel ────┘ ◀ readWeights ◀ file of weights
 *
 * Nothing here uses files, a native library or an API that only Deno has, so it
 * also runs in a browser, on the backend of TensorFlow.js that is set.
 *
 * The room has its own rooms, each of which imports only from those before it:
 * `format/` (bytes), `entropy/` (the coder of values), `transform/` (pixels to
 * coefficients and back), `model/` (networks and the walk over the latents), `encode/` and `decode/`, `refine/` (effort) and
 * `training/`. The last two need TensorFlow.
 *
 * @module
 */
export { type DecodedImage, decodeImage } from "@/codec/decode/decode_image.ts";
export {
  encodeImage,
  encodeNear,
  type NearFile,
} from "@/codec/encode/encode_image.ts";
export { CodecError, type CodecErrorCode } from "@/codec/format/codec_error.ts";
export {
  type Container,
  readContainer,
  writeContainer,
} from "@/codec/format/container.ts";
export {
  MAX_HEADER_BYTES,
  type ParsedHeader,
  parseHeader,
} from "@/codec/format/header.ts";
export { type LoadedModel, loadModel } from "@/codec/model/codec_model.ts";
export { readWeights } from "@/codec/model/weights_file.ts";
