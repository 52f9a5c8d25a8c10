/**
 * The decoders that all images of a page share: one worker for each model, which
 * fetches its weights once.
 *
 * @module
 */
import { weightsName } from "./demo_photos.ts";
import { type WorkerCodec, workerCodec } from "./worker_client.ts";

const started = new Map<string, Promise<WorkerCodec>>();

/**
 * Starts a decoder, or returns the one that runs.
 *
 * @param model The model's id, hexadecimal.
 * @param folder Address of the folder with `worker.js`, the weights and the
 * files of the wasm backend.
 * @param clipModel The id of the model for clips, hexadecimal; clips need it.
 * @returns The decoder.
 * @throws {Error} With a message for the reader, if it does not start.
 */
export function pageCodec(
  model: string,
  folder: URL,
  clipModel?: string,
): Promise<WorkerCodec> {
  const [weights, clipWeights] = [model, clipModel].map((id) =>
    id === undefined ? undefined : new URL(weightsName(id), folder).href
  );
  const key = `${weights} ${clipWeights}`;
  const known = started.get(key);
  if (known !== undefined) return known;
  const codec = start(folder, weights!, clipWeights);
  started.set(key, codec);
  // The next image tries again, perhaps when the page is online again.
  codec.catch(() => started.delete(key));
  return codec;
}

async function start(
  folder: URL,
  weights: string,
  clipWeights: string | undefined,
): Promise<WorkerCodec> {
  const worker = startWorker(new URL("worker.js", folder));
  const codec = workerCodec(worker);
  try {
    await codec.start(weights, folder.href, undefined, clipWeights);
  } catch (error) {
    worker.terminate();
    throw error;
  }
  return codec;
}

/** Workers must be of the page's own host, but may import from others. */
function startWorker(script: URL): Worker {
  if (script.origin === location.origin) {
    return new Worker(script, { type: "module" });
  }
  const text = `import ${JSON.stringify(script.href)};`;
  const blob = new Blob([text], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(blob), { type: "module" });
}
