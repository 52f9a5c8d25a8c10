/**
 * From trained networks for clips to the file of weights that is published.
 *
 * @module
 */
import { encodeFrame, visitValues } from "@/codec/encode/encode_layers.ts";
import { type CodecModel, loadModel } from "@/codec/model/codec_model.ts";
import { COARSENESS } from "@/codec/model/nested_quantiser.ts";
import { tf } from "@/tensorflow/mod.ts";
import type { RunControls } from "@/training/mod.ts";
import { writeFitted } from "./fit_tables.ts";
import { makeCodecModel, observeActivations } from "./make_model.ts";
import { type MovedFrame, wholeFrame } from "./moved_frames.ts";
import { type RateInputs, ratePass } from "./rate_pass.ts";

/** The number of frames that activations are observed in. */
const OBSERVED = 24;

/** Levels at which activations are observed. */
const OBSERVED_LEVELS = [0, 0.25, 0.5, 0.75, 1];

/** The number of frames that values are counted in. */
const COUNTED = 12;

/** Qualities at which values are counted. */
const COUNTED_QUALITIES = [1, 25, 42, 58, 78, 100];

/** The rate weight at which values are counted. */
const COUNTED_RATE_WEIGHT = 0.5;

/** What {@linkcode makeClipModel} is given. */
export interface ClipModelSource {
  /** The model of photos, which codes the first frames. */
  readonly photo: CodecModel;
  /** Trained weights by name. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /** Frames that activations and values are observed in. */
  readonly frames: readonly MovedFrame[];
  /** Side of the frames in pixels. */
  readonly side: number;
}

/**
 * Makes the file of weights of trained networks for clips.
 *
 * @param source What it is made of.
 * @param controls How to watch and to stop it.
 * @returns The file.
 * @throws {RangeError} If weights are too large for whole numbers.
 * @throws The signal's reason, once it is aborted.
 */
export async function makeClipModel(
  { photo, weights, frames, side }: ClipModelSource,
  { onProgress, signal }: RunControls = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const weight = (name: string) => weights.get(name)!;
  const activations = observeActivations<RateInputs>(
    weight,
    inputsOf(some(frames, OBSERVED), side),
    (inputs, layer) => ratePass(inputs, weight, layer),
  );
  const made = makeCodecModel(photo.settings, weights, activations);
  const load = (model: CodecModel) => loadModel(photo, model);
  return await writeFitted(made, load, async (loaded, coder) => {
    const counted = some(frames, COUNTED);
    for (const [done, { frame, still }] of counted.entries()) {
      const pixels = (data: Uint8Array) => ({
        width: side,
        height: side,
        data,
      });
      for (const quality of COUNTED_QUALITIES) {
        const options = {
          // The finest first layer has only fine values.
          ...{ quality, coarseness: 0, signal },
          rateWeight: COUNTED_RATE_WEIGHT,
          leaves: "planes",
        } as const;
        const { left } = await encodeFrame(loaded, pixels(still), options);
        const later = { ...options, before: left };
        await visitValues(loaded, pixels(frame), later, coder);
      }
      onProgress?.({
        phase: "Counting the values of clips",
        done: done + 1,
        total: counted.length,
      });
    }
  });
}

/** So many of the frames, evenly spread. */
function some(frames: readonly MovedFrame[], most: number): MovedFrame[] {
  const every = Math.max(1, Math.floor(frames.length / most));
  return frames.filter((_, i) => i % every === 0).slice(0, most);
}

function* inputsOf(
  frames: readonly MovedFrame[],
  side: number,
): Generator<RateInputs> {
  for (const [i, frame] of frames.entries()) {
    for (const level of OBSERVED_LEVELS) {
      const inputs = wholeFrame(frame, side, level, i % COARSENESS.length);
      yield inputs;
      tf.dispose({ ...inputs });
    }
  }
}
