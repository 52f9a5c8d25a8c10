/** Losses that a version of the code stands for. */
import {
  type Autoencoder,
  convAutoencoder,
  denseAutoencoder,
  fitPatchPca,
  lossOfKind,
  residualAutoencoder,
  variationalAutoencoder,
} from "@/models/mod.ts";
import {
  Adam,
  pairTensors,
  RUN_VERSION,
  tensors,
  trainOnPairs,
  validateImages,
} from "@/training/mod.ts";
import { assertEquals, assertLess } from "@std/assert";
import { withFolder } from "../_folder.ts";
import { drawPairs } from "../experiment/_photos.ts";

const pairs = drawPairs(8, 16);

function residual(): Autoencoder {
  using pca = fitPatchPca(tensors(pairs, "high"), 4, 3);
  const shape = { size: 16, patch: 4, width: 4, blocks: 1, latentChannels: 3 };
  return residualAutoencoder({ ...shape, seed: 1 }, pca);
}

const shape = { size: 16, widths: [4, 6], latentChannels: 3, seed: 1 };
const networks: Readonly<Record<string, () => Autoencoder>> = {
  "convolutional": () => convAutoencoder(shape),
  "variational": () => variationalAutoencoder(shape),
  "fully connected": () =>
    denseAutoencoder({ size: 16, hidden: [20], units: 8, seed: 1 }),
  "residual": residual,
};

/** The loss of the first and the last of four steps, and of the validation. */
async function trainBriefly(
  name: string,
  model: Autoencoder,
  folder: string,
): Promise<number[]> {
  using adam = new Adam(model.weights(), { clipNorm: 1 });
  const loss = lossOfKind(0.1);
  const history = await trainOnPairs(pairs, {
    run: { name, folder: `${folder}/${name}`, id: name },
    length: { steps: 4 },
    stepsPerEpoch: 4,
    batchSize: 2,
    schedule: { peak: 2e-3, warmUpSteps: 2 },
    seed: 1,
    state: new Map([...model.weights(), ...adam.state()]),
    inputs: pairTensors,
    step: ({ high }, rate, noise) =>
      adam.minimize(rate, () => ({ loss: loss(model, high, noise) })),
    validate: () =>
      validateImages(
        pairs,
        "high",
        "high",
        (x) => model.decode(model.encode(x)),
      ),
  });
  model.dispose();
  const [first, , , last, epoch] = history;
  return [first, last, epoch].map((record) =>
    record?.kind === "step" ? record.loss : record!.validLoss
  );
}

/** For version 1. */
const pinned: Readonly<Record<string, readonly number[]>> = {
  "convolutional": [0.0630467, 0.0608352, 0.0625166],
  "variational": [0.0757794, 0.0715071, 0.0626012],
  "fully connected": [0.1398914, 0.1069317, 0.0831682],
  "residual": [0.01568082, 0.00994762, 0.01267368],
};

Deno.test("the version of runs stands for what training finds", async () => {
  assertEquals(RUN_VERSION, 1, "Pin the losses of the new version.");
  await withFolder(async (folder) => {
    const found: Record<string, number[]> = {};
    for (const [name, make] of Object.entries(networks)) {
      found[name] = await trainBriefly(name, make(), folder);
    }
    const ratios = Object.entries(found).flatMap(([name, losses]) =>
      losses.map((loss, i) => loss / pinned[name]![i]!)
    );
    assertLess(
      Math.max(...ratios.map((ratio) => Math.abs(ratio - 1))),
      1e-3, // processors add up in other orders
      `Training finds ${JSON.stringify(found)} now. If that is meant, raise ` +
        `RUN_VERSION, so that no older run is taken for one of these.`,
    );
  });
});
