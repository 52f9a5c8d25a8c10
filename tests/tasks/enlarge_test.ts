/** The task that enlarges, with networks of a few weights. */
import { readImage } from "@/images/mod.ts";
import {
  copyWeights,
  detailSampler,
  superResolutionNetwork,
  writeEnlargingWeights,
} from "@/models/enlarging/mod.ts";
import { main as enlarge } from "@/tasks/enlarge.ts";
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { run, withPhotos } from "./_codec_tasks.ts";

/** Networks that are not trained: both means are the interpolation. */
async function writeWeights(path: string): Promise<void> {
  const network = { width: 4, blocks: 1, interpolation: "lanczos3" } as const;
  const sampler = { width: 4, innerWidth: 4, blocks: 1 };
  using mean = superResolutionNetwork({ ...network, seed: 1 });
  using drawn = detailSampler(sampler, 1);
  const bytes = writeEnlargingWeights({ network, sampler, steps: 2 }, {
    mean: copyWeights(mean.weights()),
    adversarial: copyWeights(mean.weights()),
    sampler: copyWeights(drawn.weights()),
  });
  await Deno.writeFile(path, bytes);
}

Deno.test("photos are enlarged, and the task says what their detail is", async () => {
  await withPhotos(async (folder) => {
    const weights = `${folder}/weights.safetensors`;
    await writeWeights(weights);
    const [photos, out] = [`${folder}/photos`, `${folder}/out`];
    const given = ["--weights", weights, "--out", out];

    const once = await run(enlarge, photos, ...given);
    assertEquals(once.status, 1);
    assertMatch(once.error, /^error: Image ".*broken\.jpg" cannot be read: /);
    assertMatch(once.out, /a\.2x\.png: 82x60 pixels; the mean of what could/);
    const mean = await readImage(`${out}/a.2x.png`);
    assertEquals([mean.width, mean.height], [82, 60]);
    assertEquals((await readImage(`${out}/in/b.2x.png`)).width, 32);

    const again = await run(enlarge, `${photos}/a.png`, ...given);
    assertEquals(again.status, 1);
    assertMatch(again.error, /a\.2x\.png" exists already; --force replaces it/);

    const drawn = await run(
      enlarge,
      ...[`${photos}/a.png`, ...given, "--method", "sampled"],
      ...["--draws", "2", "--seed", "7"],
    );
    assertEquals([drawn.status, drawn.error], [0, ""]);
    assertMatch(
      drawn.out,
      /a\.2x-1\.png: 82x60 pixels\n.*a\.2x-2\.png: 82x60 pixels; fine detail is made up: trust no text/,
    );
    const [first, second] = await Promise.all(
      [1, 2].map((draw) => readImage(`${out}/a.2x-${draw}.png`)),
    );
    assertNotEquals(first!.data, second!.data);
    assertNotEquals(first!.data, mean.data);

    // What was enlarged is not enlarged again.
    const twice = await run(enlarge, out, "--weights", weights);
    assertEquals(twice.status, 1);
    assertMatch(twice.error, /no/i);
  });
});

Deno.test("wrong options and missing weights are told in a sentence", async () => {
  const of = async (...args: string[]) => (await run(enlarge, ...args)).error;
  assertEquals(await of(), "error: Name a photo or a folder.");
  assertEquals(
    await of("a.png", "--draws", "2"),
    "error: --draws needs --method sampled: others make one image.",
  );
  assertMatch(
    await of("a.png", "--method", "magic"),
    /--method must be one of/,
  );
  await withPhotos(async (folder) => {
    assertEquals(
      await of(`${folder}/photos/a.png`, "--weights", `${folder}/none`),
      `error: There are no weights in "${folder}/none".`,
    );
  });
});
