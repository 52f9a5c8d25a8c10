/** SSIMULACRA 2 beside the scores of its reference, libjxl 0.11.2. */
import {
  ssimulacra2Program,
  startSsimulacra2,
} from "@/evaluation/ssimulacra2/start_ssimulacra2.ts";
import { existsSync } from "node:fs";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import type { Pixels } from "@/images/mod.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { drawPicture } from "../codec/_tiny_model.ts";

/** `deno task measure perception` builds it. */
const needsProgram = { ignore: !existsSync(ssimulacra2Program(PROJECT_ROOT)) };

Deno.test("scores are those of the reference", needsProgram, async () => {
  await using program = await startSsimulacra2(PROJECT_ROOT, () => {});
  const original = drawPicture(256, 192, "ssimulacra2");
  const changed = (change: (value: number) => number): Pixels => ({
    ...original,
    data: original.data.map(change),
  });
  const steps = (size: number) => (value: number) =>
    size * Math.round(value / size);
  const cases = [
    [changed(steps(16)), 77.83514282],
    [changed(steps(48)), -12.30138148],
    [changed((value) => Math.min(255, value + 10)), 79.10194645],
  ] as const;
  for (const [image, expected] of cases) {
    const score = await program.score(image, original);
    assertAlmostEquals(score, expected, 0.03);
  }
  assertEquals(await program.score(original, original), 100);
});
