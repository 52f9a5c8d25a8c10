/**
 * The messages between the page and its worker.
 *
 * @module
 */
import type { Pixels } from "@/images/pixels.ts";
import type { Stage } from "./fetch_stage.ts";

/** Backends of TensorFlow.js, in the order in which they are tried. */
export const BACKENDS = ["webgpu", "webgl", "wasm", "cpu"] as const;

/** A backend of TensorFlow.js. */
export type BackendName = typeof BACKENDS[number];

/** What the page asks of the worker; the answer has the same `id`. */
export type Question =
  & { readonly id: number }
  & (
    | {
      /** Load the model and choose a backend. */
      readonly kind: "start";
      /** Address of the weights. */
      readonly model: string;
      /** Address of the weights for clips; clips need them. */
      readonly clipModel?: string;
      /** Address of the folder with the files of the wasm backend. */
      readonly wasm: string;
      /** The only backend to try; by default all are. */
      readonly backend?: BackendName;
    }
    | {
      /** Decode a file, or a prefix of one. */
      readonly kind: "decode";
      /** The file. */
      readonly bytes: Uint8Array;
      /** Which image; if it is not there, the next smaller one is made. */
      readonly size: Stage;
    }
    | {
      /** Begin to decode a group of a clip, in place of another one. */
      readonly kind: "group";
      /** The clip's header. */
      readonly header: Uint8Array;
      /** The group's number. */
      readonly index: number;
      /** Its bytes, or for medium frames the first part of them. */
      readonly bytes: Uint8Array;
      /** Which frames are made. */
      readonly size: "medium" | "high";
    }
    | {
      /** Decode the next frame of the group. */
      readonly kind: "frame";
    }
    | {
      /** Encode a picture. */
      readonly kind: "encode";
      /** The picture. */
      readonly picture: Pixels;
      /** 1..100. */
      readonly quality: number;
    }
  );

/** The answer to `start`. */
export interface StartAnswer {
  /** The backend that is used. */
  readonly backend: BackendName;
  /** Why better backends are not used, a sentence each. */
  readonly passedOver: readonly string[];
}

/** The answer to `decode`. */
export interface DecodeAnswer {
  /** The image. */
  readonly picture: Pixels;
  /** Which one it is. */
  readonly stage: Stage;
  /** State of the high image; see `DecodedImage`. */
  readonly highIs: "complete" | "cut" | "damaged";
  /** How long it took. */
  readonly milliseconds: number;
}

/** The answer to `frame`. */
export interface FrameAnswer {
  /** The frame; missing after the last one. */
  readonly picture?: Pixels;
}

/** The answer to `encode`. */
export interface EncodeAnswer {
  /** The file. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** How long it took. */
  readonly milliseconds: number;
}

/** What the worker answers. */
export type WorkerAnswer =
  & { readonly id: number }
  & (
    | { readonly is: "done"; readonly result: unknown }
    | { readonly is: "failed"; readonly message: string }
  );
