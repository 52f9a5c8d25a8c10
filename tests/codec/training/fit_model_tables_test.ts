import { ValueCounter } from "@/codec/training/fit_model_tables.ts";
import { gaussianTables } from "@/codec/entropy/gaussian_tables.ts";
import { RansDecoder } from "@/codec/entropy/rans_decoder.ts";
import { RansEncoder } from "@/codec/entropy/rans_encoder.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { assertEquals, assertLess } from "@std/assert";

Deno.test("tables that fit the values cost less than normal distributions", () => {
  // Two-sided geometric, of about the scale 1: sharper, with longer tails.
  const random = seededRandom("values");
  const draw = () => {
    const size = Math.floor(-Math.log(1 - random()) / 1.3);
    return random() < 0.5 ? size : -size;
  };
  const values = Int32Array.from({ length: 40000 }, draw);
  values[7] = 5000; // far beyond what is counted
  const indices = new Uint16Array(values.length).fill(21);
  const counter = new ValueCounter();
  counter.code(gaussianTables(), indices, values);
  const fitted = counter.tables();
  const size = (tables: typeof fitted) => {
    const encoder = new RansEncoder();
    encoder.push(tables, indices, values);
    const bytes = encoder.finish();
    const again = new Int32Array(values.length);
    const decoder = new RansDecoder(bytes);
    decoder.decode(tables, indices, again);
    assertEquals(again, values);
    assertEquals(decoder.atEnd, true);
    return bytes.length;
  };
  assertLess(size(fitted), 0.97 * size(gaussianTables()));
});
