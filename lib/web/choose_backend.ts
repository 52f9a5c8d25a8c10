/**
 * Chooses the backend of TensorFlow.js that a browser decodes with: the first
 * that works and computes whole numbers exactly.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { computesExactly } from "@/codec/model/computes_exactly.ts";
import { type BackendName, BACKENDS, type StartAnswer } from "./messages.ts";

/** Loads a backend's code, so that TensorFlow.js knows it. */
export type LoadBackend = (name: BackendName) => Promise<void>;

/**
 * Chooses and sets a backend.
 *
 * @param load Loads a backend; it is only called for those that are tried.
 * @param only The only backend to try; by default all are.
 * @returns The backend, and why those before it were passed over.
 * @throws {Error} With a message for the reader, if no backend works.
 */
export async function chooseBackend(
  load: LoadBackend,
  only?: BackendName,
): Promise<StartAnswer> {
  const passedOver: string[] = [];
  for (const backend of only === undefined ? BACKENDS : [only]) {
    const fault = await tryBackend(backend, load);
    if (fault === undefined) return { backend, passedOver };
    passedOver.push(`${backend} ${fault}.`);
  }
  throw new Error(`No backend can decode here: ${passedOver.join(" ")}`);
}

async function tryBackend(
  backend: BackendName,
  load: LoadBackend,
): Promise<string | undefined> {
  try {
    await load(backend);
    if (!await tf.setBackend(backend)) return "is missing in this browser";
    await tf.ready();
    if (await computesExactly()) return undefined;
    return "rounds whole numbers, so files would decode to noise";
  } catch (error) {
    const { message } = error as Error;
    return `does not work in this browser (${message.split("\n")[0]})`;
  }
}
