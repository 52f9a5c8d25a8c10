/** Later frames of a group, by a second decoder that follows FORMAT.md. */
import { encodeFrame } from "@/codec/encode/encode_layers.ts";
import type { TileState } from "@/codec/model/before_coder.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { tf } from "@/tensorflow/mod.ts";
import "@tensorflow/tfjs-backend-wasm";
import type { Pixels } from "@/images/pixels.ts";
import { assert, assertEquals } from "@std/assert";
import { FormatDecoder } from "./_by_format.ts";
import type { FormatTile } from "./_draw_by_format.ts";
import { drawPicture, tinyClipModel, tinyModel } from "./_tiny_model.ts";

/** Frames of 130 x 70 pixels whose right half moves. */
const frames = [0, 3, 5].map((x): Pixels => {
  const whole = drawPicture(140, 70, "a whole picture");
  const data = Uint8Array.from({ length: 130 * 70 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3), column = pixel % 130;
    const from = column < 64 ? column : column + x;
    return whole.data[(Math.floor(pixel / 130) * 140 + from) * 3 + i % 3]!;
  });
  return { width: 130, height: 70, data };
});

const tinyModels = { photo: tinyModel(), clip: tinyClipModel() };

for (const isPredicted of [false, true]) {
  const how = isPredicted ? "predicted" : "copied in part";
  Deno.test(`frames that are ${how} decode by FORMAT.md alone`, async () => {
    const weights = await writeWeights(tinyModels.photo);
    const clipWeights = await writeWeights(tinyModels.clip);
    const loaded = loadModel(
      readWeights(weights),
      isPredicted ? readWeights(clipWeights) : undefined,
    );
    try {
      for (const [quality, coarseness] of [[35, 1], [70, 3]] as const) {
        const decoder = new FormatDecoder(
          ...[weights, quality, coarseness] as const,
          isPredicted ? clipWeights : undefined,
        );
        let left: readonly TileState[] | undefined;
        let tile: FormatTile | undefined;
        for (const frame of frames) {
          const coded = await encodeFrame(loaded, frame, {
            ...{ quality, coarseness, rateWeight: 0.8, before: left },
            leaves: isPredicted ? "planes" : "blocks",
          });
          left = coded.left;
          tile = decoder.tile(coded.layers, 130, 70, tile);
          const [state] = left;
          assertEquals(tile.hyper.data, Float64Array.from(state!.hyper));
          assertEquals(tile.medium.data, Float64Array.from(state!.medium));
          assertEquals(tile.high.data, Float64Array.from(state!.high!));
          assertEquals(tile.plain.map(Number), [...state!.plain]);
        }
        assert(tile !== undefined);
      }
    } finally {
      loaded.dispose();
    }
  });
}

Deno.test("the engine, WebAssembly and plain JavaScript decode the same frames", async () => {
  const options = { quality: 50, coarseness: 1, leaves: "planes" } as const;
  const source = { ...options, width: 130, height: 70 };
  const coded: Uint8Array[][] = [];
  const states: TileState[] = [];
  try {
    for (const backend of ["tensorflow", "wasm", "cpu"]) {
      await tf.setBackend(backend);
      const loaded = loadModel(tinyModels.photo, tinyModels.clip);
      let left: readonly TileState[] | undefined;
      for (const [i, frame] of frames.slice(0, 2).entries()) {
        if (backend === "tensorflow") {
          const choices = { ...options, rateWeight: 0.8, before: left };
          const encoded = await encodeFrame(loaded, frame, choices);
          coded.push(encoded.layers);
          left = encoded.left;
          states.push(left[0]!);
          continue;
        }
        const layers = coded[i]!;
        const made = { high: true, leaves: "planes" } as const;
        const decoded = await decodeLayers(
          loaded,
          { ...source, layers, before: left },
          made,
        );
        left = decoded.left!;
        assertEquals(left[0]!.high, states[i]!.high, backend);
        assertEquals(left[0]!.planes, states[i]!.planes, backend);
      }
      loaded.dispose();
    }
  } finally {
    await tf.setBackend("tensorflow");
  }
});
