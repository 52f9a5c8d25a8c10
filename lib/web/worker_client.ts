/**
 * The worker's codec as functions of the page.
 *
 * @module
 */
import type { Pixels } from "@/images/pixels.ts";
import type { Stage } from "./fetch_stage.ts";
import type {
  BackendName,
  DecodeAnswer,
  EncodeAnswer,
  FrameAnswer,
  Question,
  StartAnswer,
  WorkerAnswer,
} from "./messages.ts";

type QuestionBody = Question extends infer One
  ? One extends Question ? Omit<One, "id"> : never
  : never;

/** The part of a worker that is used. */
export interface WorkerPort {
  /** Receives answers. */
  onmessage: ((event: MessageEvent) => void) | null;
  /** Receives errors of the script. */
  onerror: ((event: ErrorEvent) => void) | null;
  /** Sends a question. */
  readonly postMessage: (message: unknown) => void;
}

/** The codec in a worker. */
export interface WorkerCodec {
  /** Loads the model and chooses a backend, or sets the one that is named. */
  readonly start: (
    model: string,
    wasm: string,
    backend?: BackendName,
    clipModel?: string,
  ) => Promise<StartAnswer>;
  /** Decodes a file, or a prefix of one. */
  readonly decode: (
    bytes: Uint8Array,
    size: Stage,
  ) => Promise<DecodeAnswer>;
  /** Begins to decode a group of a clip, in place of another one. */
  readonly openGroup: (
    header: Uint8Array,
    index: number,
    bytes: Uint8Array,
    size: "medium" | "high",
  ) => Promise<void>;
  /** Decodes the next frame of the group. */
  readonly nextFrame: () => Promise<FrameAnswer>;
  /** Encodes a picture with a quality of 1..100. */
  readonly encode: (picture: Pixels, quality: number) => Promise<EncodeAnswer>;
}

/**
 * Connects to a worker.
 *
 * @param worker A worker that runs `worker.ts`.
 * @returns The codec; its functions reject with the worker's messages.
 */
export function workerCodec(worker: WorkerPort): WorkerCodec {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let next = 0;
  let fault: Error | undefined;
  worker.onmessage = ({ data }: MessageEvent<WorkerAnswer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.is === "done") asked?.resolve(data.result);
    else asked?.reject(new Error(data.message));
  };
  worker.onerror = ({ message }) => {
    // There is no message if the script cannot be loaded.
    fault = new Error(
      `The decoder does not start: ${message ?? "its script does not load"}`,
    );
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  };
  const ask = async <Result>(question: QuestionBody): Promise<Result> => {
    if (fault !== undefined) throw fault;
    const id = next++;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(id, answer);
    worker.postMessage({ ...question, id });
    return await answer.promise as Result;
  };
  return {
    start: (model, wasm, backend, clipModel) =>
      ask({
        kind: "start",
        model,
        wasm,
        ...(backend === undefined ? {} : { backend }),
        ...(clipModel === undefined ? {} : { clipModel }),
      }),
    decode: (bytes, size) => ask({ kind: "decode", bytes, size }),
    openGroup: (header, index, bytes, size) =>
      ask({ kind: "group", header, index, bytes, size }),
    nextFrame: () => ask({ kind: "frame" }),
    encode: (picture, quality) => ask({ kind: "encode", picture, quality }),
  };
}
