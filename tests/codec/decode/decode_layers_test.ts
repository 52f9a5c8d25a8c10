import {
  decodeLayers,
  HALO,
  type LayersToDecode,
} from "@/codec/decode/decode_layers.ts";
import { cellsOf } from "@/codec/decode/cell_coefficients.ts";
import { correctedCells, drawCells } from "@/codec/decode/draw_cells.ts";
import {
  type EncodedLayers,
  encodeLayers,
} from "@/codec/encode/encode_layers.ts";
import { analyseTile } from "@/codec/encode/analyse_tile.ts";
import { RansDecoder } from "@/codec/entropy/rans.ts";
import { CodecError } from "@/codec/format/codec_error.ts";
import { joinStreams, splitStreams } from "@/codec/format/tile_streams.ts";
import { cutTiles, SUPERBLOCK } from "@/codec/format/tiles.ts";
import { kindUnits, type LoadedModel } from "@/codec/model/codec_model.ts";
import { CHANNELS, MEDIUM_CHANNELS } from "@/codec/transform/colour_dct.ts";
import { LatentCoder } from "@/codec/model/latent_coder.ts";
import { codeMarks, PLAIN_TABLES } from "@/codec/model/size_map.ts";
import type { Pixels } from "@/images/pixels.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { drawHalves, withTinyModel } from "../_tiny_model.ts";

const quality = 60, coarseness = 1;
const both = { medium: true, high: true };

/** The layers of a picture. */
async function encodeTiles(
  loaded: LoadedModel,
  picture: Pixels,
  tileSide = 64,
): Promise<LayersToDecode & { readonly layers: EncodedLayers }> {
  const options = { quality, coarseness, rateWeight: 0.5, tileSide };
  const layers = await encodeLayers(loaded, picture, options);
  const { width, height } = picture;
  return { width, height, quality, coarseness, layers };
}

Deno.test("each prefix of the layers decodes by itself, to the same image", async () => {
  await withTinyModel(async (loaded) => {
    const source = await encodeTiles(loaded, drawHalves(150, 77, "odd"));
    const { high, medium, thumbnail } = await decodeLayers(loaded, source, {
      ...{ ...both, thumbnail: true, tileSide: 64 },
    });
    assertEquals([high!.width, high!.height], [150, 77]);
    assertEquals([medium!.width, medium!.height], [75, 39]);
    assertEquals([thumbnail!.width, thumbnail!.height], [5, 3]);
    const prefix = (layers: number, wants: Record<string, boolean>) =>
      decodeLayers(
        loaded,
        { ...source, layers: source.layers.slice(0, layers) },
        { ...wants, tileSide: 64 },
      );
    assertEquals(await prefix(2, { medium: true }), { medium: medium! });
    assertEquals(await prefix(1, { thumbnail: true }), {
      thumbnail: thumbnail!,
    });
  });
});

/** An image before it is rounded. */
interface Drawn {
  readonly width: number;
  readonly values: Float32Array;
}

/** Both images, each drawn in one piece. */
async function drawAtOnce(
  loaded: LoadedModel,
  source: LayersToDecode,
  tileSide: number,
): Promise<Record<"medium" | "high", Drawn>> {
  const { rows, columns, list } = cutTiles(source, tileSide);
  const streams = source.layers.map((layer) =>
    splitStreams(layer, list.length)
  );
  const across = columns / SUPERBLOCK;
  const plain = new Uint8Array(rows / SUPERBLOCK * across);
  const cells = {
    medium: tf.buffer([1, rows, columns, MEDIUM_CHANNELS]),
    high: tf.buffer([1, rows, columns, CHANNELS]),
  };
  const units = kindUnits(loaded.model, quality);
  for (const [i, tile] of list.entries()) {
    const layers = 2;
    const coder = new LatentCoder(loaded, {
      tile,
      quality,
      coarseness,
      layers,
    });
    const decoders = streams.map((layer) => {
      const decoder = new RansDecoder(layer[i]!);
      return { code: decoder.decode.bind(decoder) };
    });
    const keep = (size: "medium" | "high") => {
      const found = cellsOf(loaded, coder, units, size === "high" ? 8 : 4);
      const channels = size === "high" ? CHANNELS : MEDIUM_CHANNELS;
      found.forEach((value, at) => {
        const cell = Math.floor(at / channels);
        const y = tile.top + Math.floor(cell / tile.columns);
        const x = tile.left + cell % tile.columns;
        cells[size].set(value, 0, y, x, at % channels);
      });
    };
    await coder.start(decoders[0]!);
    await coder.code(1, decoders[1]!);
    codeMarks(tile, decoders[1]!, PLAIN_TABLES).forEach((one, i) => {
      const width = tile.columns / SUPERBLOCK;
      const y = tile.top / SUPERBLOCK + Math.floor(i / width);
      plain[y * across + tile.left / SUPERBLOCK + i % width] = one;
    });
    keep("medium");
    await coder.code(2, decoders[2]!);
    keep("high");
    coder.dispose();
  }
  const draw = (size: "medium" | "high") =>
    tf.tidy(() => {
      const region = { top: 0, left: 0, rows, columns };
      const corrected = correctedCells(plain, across, region);
      const image = drawCells(loaded, cells[size].toTensor() as tf.Tensor4D, {
        ...{ side: size === "high" ? 8 : 4, quality, coarseness },
        ...corrected && { corrected },
      });
      const values = image.dataSync() as Float32Array;
      return { width: image.shape[2], values };
    });
  return { medium: draw("medium"), high: draw("high") };
}

function assertWithinOne({ width, height, data }: Pixels, whole: Drawn): void {
  let worst = 0;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < 3 * width; x++, at++) {
      const value = 255 * whole.values[3 * y * whole.width + x]!;
      const within = Math.max(0, Math.min(255, value));
      worst = Math.max(worst, Math.abs(data[at]! - within));
    }
  }
  // Half of it is the rounding to whole numbers.
  assertLess(worst, 0.51);
}

Deno.test("pixels do not show tiles: each image is as if drawn in one piece", async () => {
  await withTinyModel(async (loaded) => {
    // The last one is drawn in two parts side by side.
    for (const [width, height] of [[65, 70], [33, 190], [1100, 20]] as const) {
      const picture = drawHalves(width, height, "tiles");
      const tileSide = width > 1024 ? 512 : 64;
      const source = await encodeTiles(loaded, picture, tileSide);
      const images = await decodeLayers(loaded, source, { ...both, tileSide });
      const whole = await drawAtOnce(loaded, source, tileSide);
      assertWithinOne(images.medium!, whole.medium);
      assertWithinOne(images.high!, whole.high);
    }
  });
});

Deno.test("the halo is what the networks see, and no more", async () => {
  await withTinyModel((loaded) => {
    const columns = 24, middle = 12;
    const changed = (at?: number) =>
      tf.tidy(() => {
        const cells = new Float32Array(columns * CHANNELS);
        if (at !== undefined) cells.fill(3, at * CHANNELS, (at + 1) * CHANNELS);
        const input = tf.tensor4d(cells, [1, 1, columns, CHANNELS]);
        const image = drawCells(loaded, input, {
          side: 8,
          quality,
          coarseness,
        });
        return image.slice([0, 0, 8 * middle, 0], [1, 8, 8, 3]).dataSync();
      });
    const still = changed();
    for (const side of [-1, 1]) {
      const near = changed(middle + side * HALO);
      const far = changed(middle + side * (HALO + 1));
      assert(near.some((value, i) => value !== still[i]));
      assertEquals(far, still);
    }
    return Promise.resolve();
  });
});

Deno.test("more rows of tiles take no more tensors", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    for (const height of [70, 200]) {
      const source = await encodeTiles(loaded, drawHalves(20, height, "rows"));
      const found: number[] = [];
      await decodeLayers(loaded, source, {
        ...both,
        tileSide: 64,
        onTile: () => found.push(tf.memory().numTensors),
      });
      assertEquals(found.length, Math.ceil(height / 64));
      assertEquals(new Set(found).size, 1);
    }
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("streams of other tiles or of other bytes are damaged", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const source = await encodeTiles(loaded, drawHalves(128, 64, "damage"));
    const [start, first, second] = source.layers;
    const tilesOf = (layer: Uint8Array) => splitStreams(layer, 2);
    const [one, two] = tilesOf(first);
    const longer = joinStreams([Uint8Array.of(...one!, 0), two!]);
    const swapped = joinStreams(tilesOf(start).toReversed());
    const broken: [Uint8Array[], string][] = [
      [[start, longer, second], "second layer does not end as it should"],
      // A tile says nothing of its place, but its layers belong together.
      [[swapped, first, second], "layer does not end as it should"],
      [[start, second, first], "second layer does not end as it should"],
      [[start, first, second.subarray(0, -1)], "Tile 1 ends at byte"],
      [[start, first, new Uint8Array(2)], "third layer does not end as it"],
    ];
    for (const [layers, message] of broken) {
      const error = await assertRejects(
        () =>
          decodeLayers(loaded, { ...source, layers }, {
            ...{ ...both, tileSide: 64 },
          }),
        CodecError,
        message,
      );
      assertEquals(error.code, "damaged");
    }
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("bytes that are changed are refused, or give another image", async () => {
  await withTinyModel(async (loaded) => {
    const source = await encodeTiles(loaded, drawHalves(100, 40, "odd"));
    const random = seededRandom("damage");
    let refused = 0;
    for (let i = 0; i < 30; i++) {
      const layers = source.layers.map((layer) => layer.slice());
      const layer = layers[i % 3]!;
      layer[Math.floor(random() * layer.length)]! ^= 1 +
        Math.floor(255 * random());
      try {
        await decodeLayers(loaded, { ...source, layers }, {
          ...{ high: true, tileSide: 64 },
        });
      } catch (error) {
        assert(error instanceof CodecError, `${error}`);
        assertEquals(error.code, "damaged");
        refused++;
      }
    }
    assert(refused > 24, `${refused} of 30`);
  });
});

Deno.test("values of any size give pixels and no error", async () => {
  await withTinyModel(async (loaded) => {
    const picture = drawHalves(32, 32, "extreme");
    const extreme = 2 ** 31 - 1;
    for (const coarseness of [0, 3]) {
      const layers = await encodeLayers(loaded, picture, {
        ...{ quality: 90, coarseness, rateWeight: 0 },
        analyse: async (...given) => {
          const found = await analyseTile(...given);
          const coefficients = Float32Array.from(
            found.coefficients,
            (_, i) => i % 2 === 0 ? extreme : -extreme,
          );
          return { ...found, coefficients };
        },
      });
      let greatest = 0;
      const { high } = await decodeLayers(
        loaded,
        { ...picture, quality: 90, coarseness, layers },
        {
          ...both,
          onTile: (_, latents) => {
            for (const latent of latents) {
              greatest = Math.max(greatest, Math.abs(latent));
            }
          },
        },
      );
      // Latents are kept within 16 bits.
      assertEquals(greatest, 32767);
      assertEquals(high!.data.length, picture.data.length);
    }
  });
});
