/**
 * The backend of TensorFlow.js that a browser decodes with: the fastest that
 * is there and that computes whole numbers exactly.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { computesExactly } from "@/codec/model/computes_exactly.ts";
import { type BackendName, BACKENDS, type Started } from "./messages.ts";

/** Makes a backend known to TensorFlow.js. */
export type LoadBackend = (name: BackendName) => Promise<void>;

/**
 * Chooses and sets a backend.
 *
 * @param load Loads the code of one, only when it is tried.
 * @param only The one that is wanted.
 * @throws {Error} In a sentence, when none will do.
 */
export async function chooseBackend(
  load: LoadBackend,
  only?: BackendName,
): Promise<Started> {
  const passedOver: string[] = [];
  for (const backend of only === undefined ? BACKENDS : [only]) {
    const fault = await tryBackend(backend, load);
    if (fault === undefined) return { backend, passedOver };
    passedOver.push(`${backend} ${fault}.`);
  }
  throw new Error(`Nothing here can decode: ${passedOver.join(" ")}`);
}

async function tryBackend(
  backend: BackendName,
  load: LoadBackend,
): Promise<string | undefined> {
  try {
    await load(backend);
    if (!await tf.setBackend(backend)) return "cannot be had in this browser";
    await tf.ready();
    if (await computesExactly()) return undefined;
    return "rounds whole numbers, so that files would come out as noise";
  } catch (error) {
    const { message } = error as Error;
    return `does not work in this browser (${message.split("\n")[0]})`;
  }
}
