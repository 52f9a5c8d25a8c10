/**
 * What the page and its worker tell each other.
 *
 * @module
 */
import type { Pixels } from "@/images/pixels.ts";

/** Ways to compute in a browser, the best first. */
export const BACKENDS = ["webgpu", "webgl", "wasm", "cpu"] as const;

/** One of them. */
export type BackendName = typeof BACKENDS[number];

/** What the page asks of the worker; `id` comes back with the answer. */
export type Question =
  & { readonly id: number }
  & (
    | {
      /** Load the model and choose a backend. */
      readonly kind: "start";
      /** Of the weights. */
      readonly model: string;
      /** The folder of what the wasm backend needs. */
      readonly wasm: string;
      /** The only one that is wanted; without it the best. */
      readonly backend?: BackendName;
    }
    | {
      /** Decode a file, or the prefix of one. */
      readonly kind: "decode";
      readonly bytes: Uint8Array;
      readonly size: "medium" | "high";
    }
    | {
      /** Decode the latents of a file alone. */
      readonly kind: "latents";
      readonly bytes: Uint8Array;
    }
    | {
      /** Encode a picture. */
      readonly kind: "encode";
      readonly picture: Pixels;
      readonly quality: number;
    }
  );

/** What `start` is answered. */
export interface Started {
  /** The backend that is in use. */
  readonly backend: BackendName;
  /** Why better ones are not, each in a sentence. */
  readonly passedOver: readonly string[];
}

/** What `decode` is answered. */
export interface Decoded {
  readonly picture: Pixels;
  /** What became of the high image; see `DecodedImage`. */
  readonly highIs: "complete" | "cut" | "damaged";
  /** That it took. */
  readonly milliseconds: number;
}

/** What `encode` is answered. */
export interface Encoded {
  readonly file: Uint8Array<ArrayBuffer>;
  /** That it took. */
  readonly milliseconds: number;
}

/** What comes back. */
export type Answer =
  & { readonly id: number }
  & (
    | { readonly is: "done"; readonly result: unknown }
    | { readonly is: "failed"; readonly message: string }
  );
