import { cutTiles, type Region, withHalo } from "@/codec/format/tiles.ts";
import { assertEquals, assertThrows } from "@std/assert";

Deno.test("tiles cover an image of whole superblocks", () => {
  const sizes = [[1, 1], [33, 1], [1024, 1025], [3000, 2049], [65535, 8193]];
  for (const [width, height] of sizes) {
    const { rows, columns, list } = cutTiles({
      width: width!,
      height: height!,
    });
    assertEquals([rows % 8, columns % 8], [0, 0]);
    assertEquals(rows, 8 * Math.ceil(height! / 64));
    const count = (one: Region) => one.rows * one.columns;
    const covered = list.reduce((sum, tile) => sum + count(tile), 0);
    assertEquals(covered, rows * columns);
    // Each begins where its neighbour ends.
    const across = Math.ceil(width! / 1024);
    for (const [i, tile] of list.entries()) {
      const [left, above] = [list[i - 1], list[i - across]];
      assertEquals(
        tile.left,
        i % across === 0 ? 0 : left!.left + left!.columns,
      );
      assertEquals(tile.top, above === undefined ? 0 : above.top + above.rows);
    }
  }
});

Deno.test("only the last tiles have cells that the image does not reach", () => {
  const { list } = cutTiles({ width: 65, height: 140 }, 64);
  assertEquals(
    list.map(({ usedRows, usedColumns }) => [usedRows, usedColumns]),
    [[8, 8], [8, 1], [8, 8], [8, 1], [2, 8], [2, 1]],
  );
  assertEquals(list.map(({ rows, columns }) => [rows, columns]), [
    ...Array(6).fill([8, 8]),
  ]);
});

Deno.test("a halo ends with the image", () => {
  const tile = { top: 4, left: 0, rows: 4, columns: 8 };
  assertEquals(withHalo(tile, 3, { rows: 8, columns: 12 }), {
    top: 1,
    left: 0,
    rows: 7,
    columns: 11,
  });
});

Deno.test("tiles of a part of a superblock are refused", () => {
  assertThrows(
    () => cutTiles({ width: 9, height: 9 }, 40),
    RangeError,
    "side must be a multiple of 64 pixels, got 40.",
  );
});
