/**
 * AVIF images from their planes, as libheif converts them.
 *
 * Browsers round otherwise, which a profile of a wide range amplifies to up to
 * seven levels, and interpolate halved chroma, which libheif does not.
 *
 * @see https://www.w3.org/TR/webcodecs/#imagedecoder-interface
 * @module
 */
/// <reference lib="dom" />
import { type MediaBox, mediaBoxes } from "@/images/colour_layout.ts";

/** The parts of red and blue in luma (ITU-T H.273, table 4). */
const partsInLuma: Readonly<Record<string, readonly [number, number]>> = {
  bt709: [0.2126, 0.0722],
  bt470bg: [0.299, 0.114],
  smpte170m: [0.299, 0.114],
  "bt2020-ncl": [0.2627, 0.0593],
};

/** Across and down, how many pixels have one sample of chroma. */
const chromaSteps: Readonly<Record<string, readonly [number, number]>> = {
  I444: [1, 1],
  I422: [2, 1],
  I420: [2, 2],
};

/**
 * Decodes an AVIF file without a profile.
 *
 * @param file The whole file.
 * @returns Its colours as they are stored; nothing if the browser gives no
 * planes, as for grey, or if the image is turned.
 */
export async function decodeAvif(
  file: Uint8Array<ArrayBuffer>,
): Promise<ImageData | undefined> {
  const isTurned = hasProperty(file, ({ name }) => /^(irot|imir)$/.test(name));
  if (!("ImageDecoder" in globalThis) || isTurned) return undefined;
  const decoder = new ImageDecoder({ data: file, type: "image/avif" });
  try {
    const { image } = await decoder.decode();
    try {
      return await convertFrame(image);
    } finally {
      image.close();
    }
  } catch {
    return undefined; // the browser's own way of decoding remains
  } finally {
    decoder.close();
  }
}

async function convertFrame(frame: VideoFrame): Promise<ImageData | undefined> {
  const { matrix, fullRange } = frame.colorSpace;
  const [, layout = "", depth = "8"] = /^(I4\d\d)(?:P(\d+))?$/
    .exec(frame.format ?? "") ?? [];
  const steps = chromaSteps[layout];
  const parts = partsInLuma[matrix ?? ""];
  if (steps === undefined || parts === undefined) return undefined;
  const { width, height } = frame.visibleRect!;
  const bytes = new Uint8Array(frame.allocationSize());
  const layouts = await frame.copyTo(bytes);
  const isDeep = depth !== "8";
  const samples = isDeep ? new Uint16Array(bytes.buffer) : bytes;
  const [luma, blue, red] = layouts.map(({ offset, stride }) => {
    const [start, step] = isDeep ? [offset / 2, stride / 2] : [offset, stride];
    return (x: number, y: number) => samples[start + y * step + x]!;
  });
  const one = 2 ** (Number(depth) - 8);
  const [black, lumaRange, chromaRange] = fullRange
    ? [0, 256 * one - 1, 256 * one - 1]
    : [16 * one, 219 * one, 224 * one];
  const [kr, kb] = parts;
  const kg = 1 - kr - kb;
  const [fromRed, fromBlue] = [2 - 2 * kr, 2 - 2 * kb];
  // libheif has whole numbers for this layout.
  const isRounded = layout === "I420" && fullRange && !isDeep;
  const [redRed, greenBlue, greenRed, blueBlue] = [
    fromRed,
    fromBlue * kb / kg,
    fromRed * kr / kg,
    fromBlue,
  ].map((factor) => isRounded ? Math.round(256 * factor) / 256 : factor) as [
    number,
    number,
    number,
    number,
  ];
  const out = newImage(width, height, isDeep);
  const most = isDeep ? 1 : 255;
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 4) {
      const [i, j] = [Math.floor(x / steps[0]), Math.floor(y / steps[1])];
      const grey = most * (luma!(x, y) - black) / lumaRange;
      const cb = most * (blue!(i, j) - 128 * one) / chromaRange;
      const cr = most * (red!(i, j) - 128 * one) / chromaRange;
      out.data[to] = grey + redRed * cr;
      out.data[to + 1] = grey - greenBlue * cb - greenRed * cr;
      out.data[to + 2] = grey + blueBlue * cb;
      out.data[to + 3] = most;
    }
  }
  return out;
}

function newImage(width: number, height: number, isDeep: boolean): ImageData {
  const settings = isDeep ? { pixelFormat: "rgba-float16" } : {};
  return new ImageData(width, height, settings as ImageDataSettings);
}

/**
 * Checks whether an AVIF file has transparency.
 *
 * @param file The whole file.
 * @returns Whether one of its images is the opacity of another.
 */
export function isTransparentAvif(file: Uint8Array): boolean {
  const decoder = new TextDecoder("latin1");
  return hasProperty(file, ({ name, start, end }) =>
    name === "auxC" &&
    /alpha|auxid:1/.test(decoder.decode(file.subarray(start, end))));
}

/** Whether an image has a property of a kind, `meta/iprp/ipco/*`. */
function hasProperty(
  file: Uint8Array,
  isKind: (box: MediaBox) => boolean,
): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return [...mediaBoxes(view)].some(isKind);
}
