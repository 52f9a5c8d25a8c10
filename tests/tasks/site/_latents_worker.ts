/**
 * A worker for tests in a browser: decodes the latents of a file on one
 * backend, one list per tile.
 */
/// <reference lib="webworker" />
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import { loadModel, readContainer, readWeights } from "@/codec/mod.ts";
import { chooseBackend } from "@/web/choose_backend.ts";
import { loadBackend } from "@/web/load_backend.ts";
import type { BackendName } from "@/web/messages.ts";

/** What the test asks. */
interface LatentsQuestion {
  /** The backend. */
  readonly backend: BackendName;
  /** Address of the folder with weights, photos and the wasm backend. */
  readonly folder: string;
  /** Name of the file of weights in the folder. */
  readonly weights: string;
  /** Path of a file in the folder. */
  readonly path: string;
}

async function latents(
  { backend, folder, weights, path }: LatentsQuestion,
): Promise<number[][]> {
  await chooseBackend((name) => loadBackend(name, folder, true), backend);
  const read = async (path: string) =>
    new Uint8Array(await (await fetch(folder + path)).arrayBuffer());
  const loaded = loadModel(readWeights(await read(weights)));
  const { header, layers } = readContainer(await read(path));
  const tiles: number[][] = [];
  await decodeLayers(loaded, { ...header, layers }, {
    high: true,
    onTile: (_, latents) => tiles.push(Array.from(latents)),
  });
  return tiles;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LatentsQuestion>) => void;
  postMessage: (answer: number[][] | string) => void;
};

scope.onmessage = async ({ data }) => {
  scope.postMessage(
    await latents(data).catch((error: Error) => error.message),
  );
};
