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
import { decodeGroup, requireModel } from "@/codec/decode/decode_clip.ts";
import { parseClipHeader } from "@/codec/format/clip_header.ts";
import type { CodecModel } from "@/codec/model/codec_model.ts";
import type { Pixels } from "@/images/pixels.ts";
import { chooseBackend } from "./choose_backend.ts";
import { checkAnswer } from "./fetch_file.ts";
import { STAGES } from "./fetch_stage.ts";
import { loadBackend } from "./load_backend.ts";
import type {
  DecodeAnswer,
  EncodeAnswer,
  FrameAnswer,
  Question,
  StartAnswer,
  WorkerAnswer,
} from "./messages.ts";

/** Models by the address of their weights. */
const models = new Map<string, Promise<CodecModel>>();
/** The group of a clip whose frames are decoded. */
let group: AsyncGenerator<Pixels> | undefined;
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
): Promise<StartAnswer | DecodeAnswer | FrameAnswer | EncodeAnswer | void> {
  if (question.kind === "start") return await start(question);
  if (loaded === undefined) throw new Error("The decoder has not started.");
  if (question.kind === "group") {
    await group?.return(undefined);
    group = openGroup(loaded, question);
    return;
  }
  if (question.kind === "frame") {
    const next = await group?.next();
    return next === undefined || next.done ? {} : { picture: next.value };
  }
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

function openGroup(
  loaded: LoadedModel,
  { header, index, bytes, size }: Extract<Question, { kind: "group" }>,
): AsyncGenerator<Pixels> {
  const clip = parseClipHeader(header);
  requireModel(loaded, clip);
  const { start } = clip.places[index]!;
  const read = (from: number, to: number) =>
    bytes.subarray(from - start, to - start);
  return decodeGroup(loaded, clip, index, read, { size });
}

async function start(
  { model, clipModel, wasm, backend }: Extract<Question, { kind: "start" }>,
): Promise<StartAnswer> {
  await group?.return(undefined);
  group = undefined;
  loaded?.dispose();
  loaded = undefined;
  const started = await chooseBackend(
    (name) => loadBackend(name, wasm, name === backend),
    backend,
  );
  loaded = loadModel(
    await modelAt(model),
    clipModel === undefined ? undefined : await modelAt(clipModel),
  );
  return started;
}

async function modelAt(address: string): Promise<CodecModel> {
  const model = models.get(address) ?? fetchModel(address);
  models.set(address, model);
  try {
    return await model;
  } catch (error) {
    models.delete(address); // fetched again by the next start
    throw error;
  }
}

async function fetchModel(address: string): Promise<CodecModel> {
  // The name says which weights they are, so they never change under it.
  const response = await fetch(address, { cache: "force-cache" });
  checkAnswer(response, "the model");
  return readWeights(new Uint8Array(await response.arrayBuffer()));
}
