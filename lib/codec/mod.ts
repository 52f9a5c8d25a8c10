/**
 * Photos to files and back: the entropy coder, its tables and the container.
 * FORMAT.md beside this file describes the bytes.
 *
 * Nothing here touches a file, a native library or an API that only Deno has,
 * so it also runs in a browser.
 *
 * @module
 */
export * from "./codec_error.ts";
export * from "./container.ts";
export * from "./crc32.ts";
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
export * from "./parse_header.ts";
export * from "./rans_decoder.ts";
export * from "./rans_encoder.ts";
