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
import { STAGES } from "./fetch_stage.ts";
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
  const decoded = await decodeImage(loaded, bytes, { size });
  const stage = STAGES.findLast((one) => decoded[one] !== undefined)!;
  return {
    picture: decoded[stage]!,
    stage,
    highIs: decoded.highIs,
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
  // The name says which weights they are, so they never change under it.
  const response = await fetch(address, { cache: "force-cache" });
  checkAnswer(response, "the model");
  return new Uint8Array(await response.arrayBuffer());
}
