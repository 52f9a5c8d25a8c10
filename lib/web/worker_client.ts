/**
 * Questions to the worker as functions.
 *
 * @module
 */
import type { Pixels } from "@/images/pixels.ts";
import type {
  Answer,
  BackendName,
  Decoded,
  Encoded,
  Question,
  Started,
} from "./messages.ts";

type Ask = Question extends infer One
  ? One extends Question ? Omit<One, "id"> : never
  : never;

/** The part of a worker that is used. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown): void;
}

/** The codec in a worker. */
export interface WorkerCodec {
  start(
    model: string,
    wasm: string,
    backend?: BackendName,
  ): Promise<Started>;
  decode(bytes: Uint8Array, size: "medium" | "high"): Promise<Decoded>;
  encode(picture: Pixels, quality: number): Promise<Encoded>;
}

/**
 * Talks to a worker.
 *
 * @param worker It runs `worker.ts`.
 */
export function workerCodec(worker: WorkerPort): WorkerCodec {
  const waiting = new Map<
    number,
    { resolve: (result: unknown) => void; reject: (error: Error) => void }
  >();
  let next = 0;
  let fault: Error | undefined;
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    const asked = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.is === "done") asked?.resolve(data.result);
    else asked?.reject(new Error(data.message));
  };
  worker.onerror = ({ message }) => {
    // A script that does not load tells no message.
    fault = new Error(
      `The decoder does not start: ${message ?? "its script does not load"}`,
    );
    for (const { reject } of waiting.values()) reject(fault);
    waiting.clear();
  };
  const ask = <Result>(question: Ask) =>
    new Promise<Result>((resolve, reject) => {
      if (fault !== undefined) {
        reject(fault);
        return;
      }
      const id = next++;
      waiting.set(id, {
        resolve: resolve as (result: unknown) => void,
        reject,
      });
      worker.postMessage({ ...question, id });
    });
  return {
    start: (model, wasm, backend) =>
      ask({
        kind: "start",
        ...{ model, wasm },
        ...(backend === undefined ? {} : { backend }),
      }),
    decode: (bytes, size) => ask({ kind: "decode", bytes, size }),
    encode: (picture, quality) => ask({ kind: "encode", picture, quality }),
  };
}
