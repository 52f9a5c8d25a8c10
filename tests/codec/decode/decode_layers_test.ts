import {
  decodeLayers,
  type LayersToDecode,
} from "@/codec/decode/decode_layers.ts";
import {
  HIGH,
  type ImageKind,
  MEDIUM,
  SYNTHESIS_HALO,
} from "@/codec/decode/draw_region.ts";
import { LatentRows } from "@/codec/decode/latent_rows.ts";
import { encodeLayers } from "@/codec/encode/encode_layers.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { joinStreams, splitStreams } from "@/codec/format/tile_streams.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import type { LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS } from "@/codec/model/colour_dct.ts";
import { latentUnits } from "@/codec/model/latent_coder.ts";
import { levelOf } from "@/codec/model/quality.ts";
import type { Pixels } from "@/images/pixels.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { drawPicture, withTinyModel } from "../_tiny_model.ts";

const both = { medium: true, high: true };

/** One synthesis over a whole image. */
function synthesiseAtOnce(
  loaded: LoadedModel,
  quality: number,
  { channels, synthesise }: ImageKind,
  latents: Float32Array,
  [rows, columns]: readonly [number, number],
): { width: number; values: Float32Array } {
  return tf.tidy(() => {
    const all = tf.tensor4d(latents, [1, rows, columns, CHANNELS]);
    const level = tf.fill([1, rows, columns, 1], levelOf(quality));
    const image = synthesise(
      all.slice([0, 0, 0, 0], [1, rows, columns, channels]),
      level as tf.Tensor4D,
      loaded.real,
    );
    const values = image.dataSync() as Float32Array;
    return { width: image.shape[2]!, values };
  });
}

function assertWithinOne(
  { width, height, data }: Pixels,
  whole: { width: number; values: Float32Array },
): void {
  let worst = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < 3 * width; x++, at++) {
      const value = 255 * whole.values[3 * y * whole.width + x]!;
      const within = Math.max(0, Math.min(255, value));
      worst = Math.max(worst, Math.abs(data[at]! - within));
    }
  }
  // Half of it is the rounding to whole numbers.
  assert(worst < 0.51, String(worst));
}

Deno.test("pixels do not show tiles: they are those of one synthesis", async () => {
  await withTinyModel(async (loaded) => {
    // The last one is drawn in two parts side by side.
    for (const [width, height] of [[65, 70], [33, 160], [1100, 20]] as const) {
      const picture = drawPicture(width, height, "tiles");
      const [quality, tileSide] = [70, width > 1024 ? 512 : 32];
      const options = { quality, tileSide };
      const layers = await encodeLayers(loaded, picture, options);
      const tiles = cutTiles(picture, tileSide);
      const kept = new LatentRows(
        tiles.rows,
        tiles.columns,
        latentUnits(loaded.model, quality),
      );
      let seen = 0;
      const images = await decodeLayers(
        loaded,
        { ...picture, ...layers, quality },
        {
          ...both,
          tileSide,
          onTile: (tile, latents) => {
            kept.put(tile, latents);
            seen++;
          },
        },
      );
      assertEquals(seen, tiles.list.length);
      const shape = [tiles.rows, tiles.columns] as const;
      const latents = kept.read(
        { top: 0, left: 0, rows: shape[0], columns: shape[1] },
        CHANNELS,
      );
      const whole = (kind: ImageKind) =>
        synthesiseAtOnce(loaded, quality, kind, latents, shape);
      assertWithinOne(images.high!, whole(HIGH));
      assertWithinOne(images.medium!, whole(MEDIUM));
    }
  });
});

Deno.test("the halo is what the networks see, and no more", async () => {
  await withTinyModel((loaded) => {
    const [rows, columns] = [1, 24];
    const middle = 12;
    const changed = (at: number | undefined) => {
      const latents = new Float32Array(columns * CHANNELS);
      if (at !== undefined) {
        latents.fill(30, at * CHANNELS, (at + 1) * CHANNELS);
      }
      const { values } = synthesiseAtOnce(
        loaded,
        50,
        HIGH,
        latents,
        [rows, columns],
      );
      return values.subarray(24 * middle, 24 * (middle + 1));
    };
    const still = changed(undefined);
    for (const side of [-1, 1]) {
      const near = changed(middle + side * SYNTHESIS_HALO);
      const far = changed(middle + side * (SYNTHESIS_HALO + 1));
      assert(near.some((value, i) => value !== still[i]));
      assertEquals(far, still);
    }
    return Promise.resolve();
  });
});

Deno.test("more rows of tiles take no more tensors", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const options = { quality: 50, tileSide: 32 };
    for (const height of [40, 140]) {
      const picture = drawPicture(20, height, "rows");
      const layers = await encodeLayers(loaded, picture, options);
      const found: number[] = [];
      await decodeLayers(loaded, { ...picture, ...layers, quality: 50 }, {
        ...both,
        tileSide: options.tileSide,
        onTile: () => found.push(tf.memory().numTensors),
      });
      assertEquals(found, Array(Math.ceil(height / 32)).fill(before));
    }
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("streams of other tiles or of other bytes are damaged", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const picture = drawPicture(64, 32, "damage");
    const options = { ...both, tileSide: 32 };
    const coded = await encodeLayers(loaded, picture, {
      quality: 60,
      tileSide: 32,
    });
    const layers: LayersToDecode = { ...picture, ...coded, quality: 60 };
    const { first, second } = coded;
    const [one, two] = splitStreams(first, 2);
    const longer = joinStreams([Uint8Array.of(...one!, 0), two!]);
    const swapped = joinStreams([two!, one!]);
    const broken: [Partial<LayersToDecode>, string][] = [
      [{ first: longer }, "first layer does not end as it should"],
      // A tile says nothing of its place, but its layers belong together.
      [{ first: swapped }, "second layer does not end as it should"],
      [
        { first: second!, second: first },
        "first layer does not end as it should",
      ],
      [{ second: second!.subarray(0, -1) }, "Tile 1 ends at byte"],
      [{ second: new Uint8Array(2) }, "second layer does not end as it should"],
    ];
    for (const [change, message] of broken) {
      const error = await assertRejects(
        () => decodeLayers(loaded, { ...layers, ...change }, options),
        CodecError,
        message,
      );
      assertEquals(error.code, "damaged");
    }
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("values of any size give pixels and no error", async () => {
  await withTinyModel(async (loaded) => {
    // Latents are chosen for the extreme: they stay within 16 bits.
    const extreme = 2 ** 31 - 1;
    let sign = 1;
    const picture = drawPicture(32, 32, "extreme");
    const coded = await encodeLayers(loaded, picture, {
      quality: 90,
      choose: () => (sign = -sign) * extreme,
    });
    let greatest = 0;
    const { high } = await decodeLayers(
      loaded,
      { ...picture, ...coded, quality: 90 },
      {
        ...both,
        onTile: (_, latents) => {
          for (const latent of latents) {
            greatest = Math.max(greatest, Math.abs(latent));
          }
        },
      },
    );
    assertEquals(greatest, 32767);
    assertEquals(high!.data.length, picture.data.length);
  });
});
