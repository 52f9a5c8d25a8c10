/** Later frames of a group, by a second decoder that follows FORMAT.md. */
import { encodeFrame } from "@/codec/encode/encode_layers.ts";
import type { TileState } from "@/codec/model/before_coder.ts";
import { loadModel } from "@/codec/model/codec_model.ts";
import { readWeights, writeWeights } from "@/codec/model/weights_file.ts";
import type { Pixels } from "@/images/pixels.ts";
import { assert, assertEquals } from "@std/assert";
import { FormatDecoder, type FormatTile } from "./_by_format.ts";
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

for (const isPredicted of [false, true]) {
  const how = isPredicted ? "predicted" : "copied in part";
  Deno.test(`frames that are ${how} decode by FORMAT.md alone`, async () => {
    const weights = await writeWeights(tinyModel());
    const clipWeights = await writeWeights(tinyClipModel());
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
