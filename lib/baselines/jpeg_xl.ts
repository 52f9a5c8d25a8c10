/**
 * JPEG XL by libjxl, built to WebAssembly in `@jsquash/jxl`.
 *
 * The package's own loader fetches the WebAssembly over HTTP and picks a
 * threaded build by the runtime, so the single-threaded build is started here
 * with its bytes from the package folder.
 *
 * That build decodes whole files only, so prefixes of progressive files are
 * decoded by jxl-oxide.
 *
 * @module
 */
import createDecoder from "@jsquash/jxl/codec/dec/jxl_dec.js";
import createEncoder from "@jsquash/jxl/codec/enc/jxl_enc.js";
import startPartDecoder, { JxlImage, type RenderResult } from "jxl-oxide-wasm";
import { decodePixels } from "@/images/mod.ts";
import { type Pixels, withAlpha, withoutAlpha } from "@/images/pixels.ts";
import { checkQuality, type Codec, type QualityRange } from "./codec.ts";
import { startWasm } from "./wasm.ts";

const name = "JPEG XL";
const range: QualityRange = { low: 0, high: 99.9, whole: false };

/** Settings of the encoder; only the quality varies. */
const settings = {
  effort: 7,
  progressive: false,
  epf: -1, // edge-preserving filter, chosen by the encoder
  lossyPalette: false,
  decodingSpeedTier: 0,
  photonNoiseIso: 0,
  lossyModular: false,
  lossless: false,
} as const;

type Settings = Omit<typeof settings, "progressive"> & { progressive: boolean };

interface Encoder {
  encode(
    rgba: Uint8Array,
    width: number,
    height: number,
    options: Settings & { quality: number },
  ): Uint8Array | null;
}

interface Decoder {
  decode(bytes: Uint8Array): ImageData | null;
}

const encoder = startWasm<Encoder>(
  createEncoder,
  import.meta.resolve("@jsquash/jxl/codec/enc/jxl_enc.wasm"),
);
const decoder = startWasm<Decoder>(
  createDecoder,
  import.meta.resolve("@jsquash/jxl/codec/dec/jxl_dec.wasm"),
);

/**
 * JPEG XL, lossy VarDCT mode at libjxl's default effort of 7.
 *
 * Quality 0 to 99.9 in any fraction is libjxl's: it stands for a Butteraugli
 * distance, 90 for 1.0. Quality 100 is excluded because it switches to another
 * mode. The WebAssembly interface takes RGBA only, so each file carries an
 * opaque alpha plane of a few bytes.
 *
 * libjxl optimises for the eye, in a colour space of its own, and has no tuning
 * for PSNR: on RGB PSNR it is close to mozjpeg, on MS-SSIM better.
 *
 * @example
 * ```ts
 * import { jpegXl } from "./mod.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const grey = { width: 3, height: 5, data: new Uint8Array(45).fill(128) };
 * const decoded = await jpegXl.decode(await jpegXl.encode(grey, 80));
 * assertEquals([decoded.width, decoded.height], [3, 5]);
 * ```
 */
export const jpegXl: Codec = {
  name,
  range,
  qualities: [5, 15, 25, 35, 45, 55, 65, 75, 85, 90, 95],
  encode: (pixels, quality) => encode(pixels, quality, settings),
  async decode(bytes) {
    const image = (await decoder()).decode(bytes);
    if (image === null) {
      throw new Error(`JPEG XL file of ${bytes.length} bytes is damaged.`);
    }
    const { width, height, data } = image;
    return { width, height, data: withoutAlpha(data) };
  },
};

/**
 * {@linkcode jpegXl} in its progressive mode: first an image of an eighth of the
 * size, then several passes over all coefficients. Any prefix of a file is an
 * image; {@linkcode decodeJpegXlPrefix} decodes it.
 */
export const jpegXlProgressive: Codec = {
  ...jpegXl,
  encode: (pixels, quality) =>
    encode(pixels, quality, { ...settings, progressive: true }),
};

async function encode(
  { data, width, height }: Pixels,
  quality: number,
  options: Settings,
): Promise<Uint8Array> {
  checkQuality(name, range, quality);
  const module = await encoder();
  const rgba = new Uint8Array(withAlpha(data).buffer);
  const file = module.encode(rgba, width, height, { ...options, quality });
  if (file === null) {
    throw new Error(`JPEG XL cannot encode ${width}x${height} pixels.`);
  }
  return file.slice(); // out of the module's memory
}

const PART_DECODER = new URL(
  "jxl_oxide_wasm_bg.wasm",
  import.meta.resolve("jxl-oxide-wasm"),
);

let partDecoder: Promise<unknown> | undefined;

/**
 * Decodes the beginning of a JPEG XL file.
 *
 * @param prefix A prefix of a file, or a whole file.
 * @returns The image at its full size, as sharp as the prefix allows; nothing if
 * the prefix is too short to show anything.
 */
export async function decodeJpegXlPrefix(
  prefix: Uint8Array,
): Promise<Pixels | undefined> {
  await (partDecoder ??= Deno.readFile(PART_DECODER)
    .then((bytes) => startPartDecoder({ module_or_path: bytes })));
  const image = new JxlImage();
  try {
    image.forceSrgb = true;
    image.feedBytes(prefix);
    const drawn = image.tryInit() ? render(image) : undefined;
    return drawn && await decodePixels(drawn.encodeToPng()); // which frees it
  } finally {
    image.free();
  }
}

/** Draws what there is of an image; it throws where the first pass is cut. */
function render(image: JxlImage): RenderResult | undefined {
  try {
    return image.render();
  } catch {
    return undefined;
  }
}
