import { assertEquals } from "@std/assert";
import { tableMarkdown } from "@/charts/mod.ts";
import { qualityTable } from "@/sections/autoencoders/tables.ts";
import type { AutoencoderMetrics } from "@/sections/autoencoders/types.ts";

const metrics: AutoencoderMetrics = {
  latent: {
    shape: [43, 43, 8],
    floats: 14792,
    pixelsPerFloat: 6,
    storedBytes: 14856,
  },
  models: [{
    run: "small",
    parameters: 3,
    psnrDb: 20,
    msssim: 0.5,
    stored: { psnrDb: 19, msssim: 0.4 },
    aboveFloorDb: -5,
  }],
  floor: { psnrDb: 25, msssim: 0.6 },
  baselines: [
    { codec: "JPEG", bytes: 14000, bpp: 3.8, psnrDb: 38, msssim: 0.99 },
  ],
  examples: [],
};

Deno.test("qualityTable sets networks, components and codecs in one table", () => {
  const lines = tableMarkdown(qualityTable(metrics)).trim().split("\n");
  assertEquals(lines.slice(4), [
    "| small, code as floats | – | 20.00 | 0.5000 |",
    "| small, 8 bits per number | 14,856 | 19.00 | 0.4000 |",
    "| principal components as floats | – | 25.00 | 0.6000 |",
    "| JPEG | 14,000 | 38.00 | 0.9900 |",
  ]);
});
