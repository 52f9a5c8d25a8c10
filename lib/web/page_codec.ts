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
 * @returns The decoder.
 * @throws {Error} With a message for the reader, if it does not start.
 */
export function pageCodec(model: string, folder: URL): Promise<WorkerCodec> {
  const weights = new URL(weightsName(model), folder).href;
  const known = started.get(weights);
  if (known !== undefined) return known;
  const codec = start(weights, folder);
  started.set(weights, codec);
  // The next image tries again, perhaps when the page is online again.
  codec.catch(() => started.delete(weights));
  return codec;
}

async function start(weights: string, folder: URL): Promise<WorkerCodec> {
  const worker = startWorker(new URL("worker.js", folder));
  const codec = workerCodec(worker);
  try {
    await codec.start(weights, folder.href);
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
