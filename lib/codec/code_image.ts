/**
 * Photos to layers of a file and back.
 *
 * @module
 */

import type { Tensor4D } from "@tensorflow/tfjs";
import { tensor4d, tidy } from "@tensorflow/tfjs";
import { LatentCoder, type Tile, type ValueCoder } from "./code_latents.ts";
import type { LoadedModel } from "./codec_model.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "./colour_dct.ts";
import {
  analyse,
  hyperAnalyse,
  realLayer,
  synthesiseHigh,
  synthesiseMedium,
} from "./networks.ts";
import { levelOf } from "./quality.ts";
import { RansDecoder } from "./rans_decoder.ts";
import { RansEncoder } from "./rans_encoder.ts";

/** An image of 8-bit sRGB. */
export interface Picture {
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Red, green and blue of each pixel, row by row. */
  readonly data: Uint8Array;
}

/** Both layers of an image. */
export interface CodedLayers {
  /** All that the medium image needs. */
  readonly first: Uint8Array;
  /** What the high image needs beside it. */
  readonly second: Uint8Array;
}

/** How an image is cut into blocks. */
export function tileOf(width: number, height: number): Tile {
  const whole = (side: number) => 4 * Math.ceil(side / 32);
  return {
    rows: whole(height),
    columns: whole(width),
    usedRows: Math.ceil(height / 8),
    usedColumns: Math.ceil(width / 8),
  };
}

/**
 * Codes a picture.
 *
 * @param quality 1..100.
 */
export async function codePicture(
  loaded: LoadedModel,
  picture: Picture,
  quality: number,
): Promise<CodedLayers> {
  const [first, second] = [new Encoder(), new Encoder()];
  await walk(loaded, picture, quality, first, second);
  return { first: first.finish(), second: second.finish() };
}

/** As {@linkcode codePicture}, with any coders; for counting. */
export async function walk(
  loaded: LoadedModel,
  picture: Picture,
  quality: number,
  first: ValueCoder,
  second: ValueCoder,
): Promise<void> {
  const tile = tileOf(picture.width, picture.height);
  const wanted = analysePicture(loaded, picture, quality, tile);
  const coder = new LatentCoder(loaded, quality, tile, wanted);
  try {
    await coder.codeFirst(first);
    await coder.codeSecond(second);
  } finally {
    coder.dispose();
  }
}

class Encoder extends RansEncoder implements ValueCoder {
  code(...part: Parameters<ValueCoder["code"]>): void {
    this.push(...part);
  }
}

class Decoder extends RansDecoder implements ValueCoder {
  code(...part: Parameters<ValueCoder["code"]>): void {
    this.decode(...part);
  }
}

function analysePicture(
  loaded: LoadedModel,
  picture: Picture,
  quality: number,
  { rows, columns }: Tile,
): { hyper: Float32Array; latents: Float32Array } {
  const tensors = tidy(() => {
    const pixels = tensor4d(
      padded(picture, 8 * columns, 8 * rows),
      [1, 8 * rows, 8 * columns, 3],
    );
    const layer = realLayer(loaded.real);
    const coefficients = (pixels.sub(127.5) as Tensor4D)
      .conv2d(loaded.real("high_analysis") as Tensor4D, 8, "valid")
      .div(loaded.real("norms")) as Tensor4D;
    const level = plane(rows, columns, quality);
    const latents = analyse(coefficients, level, layer);
    return { latents, hyper: hyperAnalyse(latents, level, layer) };
  });
  const values = {
    hyper: tensors.hyper.dataSync() as Float32Array,
    latents: tensors.latents.dataSync() as Float32Array,
  };
  tensors.hyper.dispose();
  tensors.latents.dispose();
  return values;
}

/** Repeats the last row and column. */
function padded(
  { width, height, data }: Picture,
  columns: number,
  rows: number,
): Float32Array {
  const values = new Float32Array(rows * columns * 3);
  for (let y = 0, at = 0; y < rows; y++) {
    const row = Math.min(y, height - 1) * width;
    for (let x = 0; x < columns; x++) {
      const from = 3 * (row + Math.min(x, width - 1));
      for (let c = 0; c < 3; c++) values[at++] = data[from + c]!;
    }
  }
  return values;
}

function plane(rows: number, columns: number, quality: number): Tensor4D {
  const values = new Float32Array(rows * columns).fill(levelOf(quality));
  return tensor4d(values, [1, rows, columns, 1]);
}

/** What is wanted of an image's layers. */
export interface DecodedPictures {
  /** Half as wide and as high, rounded up. */
  readonly medium?: Picture;
  /** The whole. */
  readonly high?: Picture;
}

/**
 * Decodes the layers of an image.
 *
 * @param layers The first alone gives the medium image alone.
 * @param wants Which images are made.
 */
export async function decodePictures(
  loaded: LoadedModel,
  layers: { readonly first: Uint8Array; readonly second?: Uint8Array },
  size: { readonly width: number; readonly height: number },
  quality: number,
  wants: { readonly medium: boolean; readonly high: boolean },
): Promise<DecodedPictures> {
  const tile = tileOf(size.width, size.height);
  const coder = new LatentCoder(loaded, quality, tile);
  try {
    await coder.codeFirst(new Decoder(layers.first));
    const level = () => plane(tile.rows, tile.columns, quality);
    const shape = (channels: number): [number, number, number, number] => [
      1,
      tile.rows,
      tile.columns,
      channels,
    ];
    const half = (side: number) => Math.ceil(side / 2);
    const medium = wants.medium
      ? await toPicture(
        tidy(() =>
          synthesiseMedium(
            tensor4d(coder.latents(MEDIUM_CHANNELS), shape(MEDIUM_CHANNELS)),
            level(),
            loaded.real,
          )
        ),
        half(size.width),
        half(size.height),
      )
      : undefined;
    if (!wants.high || layers.second === undefined) {
      return medium === undefined ? {} : { medium };
    }
    await coder.codeSecond(new Decoder(layers.second));
    const high = await toPicture(
      tidy(() =>
        synthesiseHigh(
          tensor4d(coder.latents(CHANNELS), shape(CHANNELS)),
          level(),
          loaded.real,
        )
      ),
      size.width,
      size.height,
    );
    return medium === undefined ? { high } : { medium, high };
  } finally {
    coder.dispose();
  }
}

async function toPicture(
  image: Tensor4D,
  width: number,
  height: number,
): Promise<Picture> {
  const columns = image.shape[2];
  const values = await image.data();
  image.dispose();
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < 3 * width; x++) {
      const value = values[3 * y * columns + x]! * 255 + 0.5;
      data[at++] = value < 0 ? 0 : value > 255 ? 255 : value;
    }
  }
  return { width, height, data };
}
