/** Superblocks without values, and what the encoder leaves out of a pass. */
import { RansDecoder, RansEncoder } from "@/codec/entropy/rans.ts";
import { CHANNEL_GROUPS } from "@/codec/model/channel_groups.ts";
import { kindUnits } from "@/codec/model/codec_model.ts";
import { blankValues } from "@/codec/model/group_places.ts";
import { nearestValue } from "@/codec/model/latent_units.ts";
import { chooseValues, codeEmpty } from "@/codec/model/pass_values.ts";
import { SizeMap } from "@/codec/model/size_map.ts";
import { CHANNELS } from "@/codec/transform/colour_dct.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { assert, assertEquals } from "@std/assert";
import { tinyModel } from "../_tiny_model.ts";

const tile = { rows: 16, columns: 24 };

/** Codes marks of 2 x 3 superblocks; returns what is decoded, and the bytes. */
function coded(wanted: readonly number[], copied?: readonly number[]) {
  const known = copied && Uint8Array.from(copied);
  const encoder = new RansEncoder();
  codeEmpty(
    tile,
    { code: (...[tables, of, values]) => encoder.push(tables, of, values) },
    known,
    Uint8Array.from(wanted),
  );
  const bytes = encoder.finish();
  const decoder = new RansDecoder(bytes);
  const empty = codeEmpty(
    tile,
    { code: (...part) => decoder.decode(...part) },
    known,
  );
  assert(decoder.atEnd);
  return { empty: Array.from(empty), bytes: bytes.length };
}

Deno.test("superblocks without values come back", () => {
  for (const wanted of [[1, 0, 0, 1, 1, 0], [0, 0, 0, 0, 0, 1]]) {
    assertEquals(coded(wanted).empty, wanted);
  }
  const none = coded([0, 0, 0, 0, 0, 0]), all = coded([1, 1, 1, 1, 1, 1]);
  assertEquals(none.empty, [0, 0, 0, 0, 0, 0]);
  assertEquals(all.empty, [1, 1, 1, 1, 1, 1]);
  assertEquals(none.bytes, all.bytes);
  assert(all.bytes <= coded([1, 0, 0, 1, 1, 0]).bytes);
});

Deno.test("what is copied has no mark of its own", () => {
  const copied = [1, 1, 0, 0, 0, 1];
  // All others have values, or none of them has.
  assertEquals(coded([0, 0, 0, 0, 0, 0], copied).empty, [0, 0, 0, 0, 0, 0]);
  assertEquals(coded([0, 0, 1, 1, 1, 0], copied).empty, [1, 1, 1, 1, 1, 1]);
  // Otherwise it counts as one without.
  assertEquals(coded([0, 0, 1, 0, 1, 0], copied).empty, [1, 1, 1, 0, 1, 1]);
});

Deno.test("a superblock is left out whose values cost more than they are worth", () => {
  const model = tinyModel();
  const units = kindUnits(model, 50);
  const [whole] = cutTiles({ width: 128, height: 64 }).list;
  const map = new SizeMap(whole!, { code: () => {} }, {
    ...{ tables: model.splits, firstTable: 0 },
    wanted: new Uint8Array(128),
  });
  const group = CHANNEL_GROUPS[4]!;
  const places = Array.from({ length: 128 }, (_, cell) => cell);
  const predicted = new Float32Array(128 * 2 * group.size);
  const pass = { group, parity: "all" as const, predicted, places, units };
  // One latent of 2 steps in each of both superblocks, and one of 20.
  const coefficients = new Float32Array(128 * CHANNELS);
  const first = 3, second = 11;
  const at = (cell: number) => cell * CHANNELS + group.first;
  coefficients[at(first)] = 2 * units.greyLevels;
  coefficients[at(second)] = 2 * units.greyLevels;
  coefficients[at(second) + 1] = 20 * units.greyLevels;
  const choose = (bits: number | undefined) => {
    const all = blankValues(128 * group.size);
    const spent = new Float64Array(2);
    const empty = chooseValues({ ...pass, kinds: map.kinds }, {
      ...{ all, map, spent },
      wanted: {
        ...{ sizes: map.sizes, hyper: [], coefficients },
        choose: nearestValue,
        path: () => assert(false, "no value follows the trellis") as never,
        ...bits !== undefined && {
          rate: { bits: (_, value) => value === 0 ? 0 : bits, weight: 1 },
        },
      },
      told: undefined,
    });
    const values = [first, second].map((cell) => all.fine[cell * group.size]);
    return [Array.from(empty), values, Array.from(spent)];
  };
  assertEquals(choose(10), [[0, 0], [2, 2], [10, 20]]);
  assertEquals(choose(100), [[1, 0], [0, 2], [0, 200]]);
  assertEquals(choose(9000), [[1, 1], [0, 0], [0, 0]]);
  // Without costs only zeros are left out.
  assertEquals(choose(undefined), [[0, 0], [2, 2], [0, 0]]);
});
