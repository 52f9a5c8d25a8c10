/**
 * Decodes and encodes beside the page, so that it never halts.
 *
 * @module
 */
/// <reference lib="webworker" />
import * as tf from "@tensorflow/tfjs";
import { decodeLayers } from "@/codec/decode/decode_layers.ts";
import {
  decodeImage,
  encodeImage,
  type LoadedModel,
  loadModel,
  readContainer,
  readWeights,
} from "@/codec/mod.ts";
import { chooseBackend } from "./choose_backend.ts";
import { checkAnswer } from "./fetch_file.ts";
import type {
  Answer,
  BackendName,
  Decoded,
  Encoded,
  Question,
  Started,
} from "./messages.ts";
import { isSoftware, rendererName } from "./renderer_name.ts";

let model: Promise<Uint8Array> | undefined;
let loaded: LoadedModel | undefined;

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage: (answer: Answer) => void;
};

/** One question after the other. */
let last: Promise<unknown> = Promise.resolve();

scope.onmessage = ({ data: question }) => {
  last = last.then(async () => {
    const { id } = question;
    try {
      scope.postMessage({ id, is: "done", result: await answer(question) });
    } catch (error) {
      const { message } = error as Error;
      scope.postMessage({ id, is: "failed", message });
    }
  });
};

async function answer(question: Question): Promise<unknown> {
  if (question.kind === "start") return await start(question);
  if (loaded === undefined) throw new Error("The decoder has not started.");
  const before = performance.now();
  const milliseconds = () => performance.now() - before;
  if (question.kind === "encode") {
    const { picture, quality } = question;
    const file = await encodeImage(loaded, picture, { quality });
    return { file, milliseconds: milliseconds() } satisfies Encoded;
  }
  if (question.kind === "latents") return await latents(question.bytes, loaded);
  const { bytes, size } = question;
  const { medium, high, highIs } = await decodeImage(loaded, bytes, { size });
  return {
    picture: (size === "high" ? high : undefined) ?? medium!,
    highIs,
    milliseconds: milliseconds(),
  } satisfies Decoded;
}

async function start(
  { model: address, wasm, backend }: Extract<Question, { kind: "start" }>,
): Promise<Started> {
  loaded?.dispose();
  loaded = undefined;
  const started = await chooseBackend(
    (name) => loadBackend(name, wasm, name === backend),
    backend,
  );
  model ??= fetchModel(address);
  try {
    loaded = loadModel(readWeights(await model));
  } catch (error) {
    model = undefined; // to be tried again
    throw error;
  }
  return started;
}

async function fetchModel(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  checkAnswer(response, "the model");
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * Loads a backend's code.
 *
 * @param wasm The folder of what the wasm backend needs.
 * @param isWanted Whether the reader asks for it; else a graphics API without a
 * graphics card is passed over, since wasm is faster then.
 */
async function loadBackend(
  name: BackendName,
  wasm: string,
  isWanted: boolean,
): Promise<void> {
  if (name === "webgpu" || name === "webgl") {
    const renderer = await rendererName(name);
    if (!isWanted && isSoftware(renderer)) {
      throw new Error(`there is no graphics card, but ${renderer}`);
    }
  }
  if (name === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
  if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu");
  if (name === "webgl") {
    await import("@tensorflow/tfjs-backend-webgl");
    // Textures of 16-bit floats cannot hold whole numbers.
    tf.env().set("WEBGL_FORCE_F16_TEXTURES", false);
  }
  if (name === "wasm") {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(wasm);
  }
}

/** The latents of all tiles, one after the other. */
async function latents(
  bytes: Uint8Array,
  model: LoadedModel,
): Promise<Int16Array[]> {
  const { header, first, second } = readContainer(bytes);
  const found: Int16Array[] = [];
  await decodeLayers(model, { ...header, first, second: second! }, {
    medium: false,
    high: true,
    onTile: (_, latents) => found.push(latents),
  });
  return found;
}
