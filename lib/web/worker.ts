/**
 * Decodes and encodes in a worker, so that the page stays responsive.
 *
 * @module
 */
/// <reference lib="webworker" />
import {
  decodeImage,
  encodeImage,
  type LoadedModel,
  loadModel,
  readWeights,
} from "@/codec/mod.ts";
import { chooseBackend } from "./choose_backend.ts";
import { checkAnswer } from "./fetch_file.ts";
import { loadBackend } from "./load_backend.ts";
import type {
  DecodeAnswer,
  EncodeAnswer,
  Question,
  StartAnswer,
  WorkerAnswer,
} from "./messages.ts";

let model: Promise<Uint8Array> | undefined;
let loaded: LoadedModel | undefined;

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Question>) => void;
  postMessage: (answer: WorkerAnswer) => void;
};

/** Questions are answered one after the other. */
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

async function answer(
  question: Question,
): Promise<StartAnswer | DecodeAnswer | EncodeAnswer> {
  if (question.kind === "start") return await start(question);
  if (loaded === undefined) throw new Error("The decoder has not started.");
  const before = performance.now();
  const milliseconds = () => performance.now() - before;
  if (question.kind === "encode") {
    const { picture, quality } = question;
    const file = await encodeImage(loaded, picture, { quality });
    return { file, milliseconds: milliseconds() };
  }
  const { bytes, size } = question;
  const { medium, high, highIs } = await decodeImage(loaded, bytes, { size });
  return {
    picture: (size === "high" ? high : undefined) ?? medium!,
    highIs,
    milliseconds: milliseconds(),
  };
}

async function start(
  { model: address, wasm, backend }: Extract<Question, { kind: "start" }>,
): Promise<StartAnswer> {
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
    model = undefined; // fetched again by the next start
    throw error;
  }
  return started;
}

async function fetchModel(address: string): Promise<Uint8Array> {
  const response = await fetch(address);
  checkAnswer(response, "the model");
  return new Uint8Array(await response.arrayBuffer());
}
