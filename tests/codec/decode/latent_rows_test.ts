import { LatentRows } from "@/codec/decode/latent_rows.ts";
import { assertEquals } from "@std/assert";

Deno.test("the last rows are kept, and read in standard deviations", () => {
  const rows = new LatentRows(3, 4, Float64Array.of(0.5, 2));
  const put = (top: number, left: number) =>
    rows.put(
      { top, left, rows: 1, columns: 2 },
      Int16Array.of(top, left, -top, 100),
    );
  for (let top = 0; top < 7; top++) {
    put(top, 0);
    put(top, 2);
  }
  const region = { top: 4, left: 1, rows: 3, columns: 2 };
  assertEquals(
    rows.read(region, 2),
    Float32Array.of(-2, 200, 2, 4, -2.5, 200, 2.5, 4, -3, 200, 3, 4),
  );
  assertEquals(
    rows.read(region, 1),
    Float32Array.of(-2, 2, -2.5, 2.5, -3, 3),
  );
});
