/** Pixels to sharp, the image library behind three of the codecs. */
import sharp, { type Sharp } from "sharp";
import type { Pixels } from "@/images/mod.ts";

/** An image that sharp can encode. */
export function toSharp({ width, height, data }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/** The file that sharp makes; it writes no metadata unless asked to. */
export async function toBytes(image: Sharp): Promise<Uint8Array> {
  return new Uint8Array(await image.toBuffer());
}
