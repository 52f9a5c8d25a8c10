/**
 * A worker for tests in a browser: decodes the latents of a photo or of a clip's
 * first frames on one backend; their checksums by tile and frame.
 */
/// <reference lib="webworker" />
import { loadModel, readWeights } from "@/codec/mod.ts";
import { chooseBackend } from "@/web/choose_backend.ts";
import { loadBackend } from "@/web/load_backend.ts";
import type { BackendName } from "@/web/messages.ts";
import { latentChecksums } from "./_latent_checksums.ts";

/** What the test asks. */
interface LatentsQuestion {
  /** The backend. */
  readonly backend: BackendName;
  /** Address of the folder with weights, photos and the wasm backend. */
  readonly folder: string;
  /** Names of the files of weights in the folder, those for clips last. */
  readonly weights: readonly string[];
  /** Path of a file in the folder. */
  readonly path: string;
}

async function latents(
  { backend, folder, weights, path }: LatentsQuestion,
): Promise<number[]> {
  await chooseBackend((name) => loadBackend(name, folder, true), backend);
  const read = async (path: string) =>
    new Uint8Array(await (await fetch(folder + path)).arrayBuffer());
  const [model, clipModel] = await Promise.all(
    weights.map(async (name) => readWeights(await read(name))),
  );
  return await latentChecksums(loadModel(model!, clipModel), await read(path));
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<LatentsQuestion>) => void;
  postMessage: (answer: number[] | string) => void;
};

scope.onmessage = async ({ data }) => {
  scope.postMessage(
    await latents(data).catch((error: Error) => error.message),
  );
};
