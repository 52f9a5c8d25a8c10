/**
 * Reads the codec's weights.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { CodecError } from "@/codec/format/codec_error.ts";
import type { CodecModel } from "@/codec/model/codec_model.ts";
import { readWeights } from "@/codec/model/weights_file.ts";
import { SafetensorsError } from "@/models/safetensors.ts";
import { systemReason } from "@/files/system_error.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { UserError } from "@/errors/user_error.ts";

/** The file of the published weights. */
export const WEIGHTS_FILE: string = join(
  PROJECT_ROOT,
  "results/codec/weights.safetensors",
);

/** The file of the published weights for clips. */
export const CLIP_WEIGHTS_FILE: string = join(
  PROJECT_ROOT,
  "results/codec/clip_weights.safetensors",
);

/** The option `--model` of tasks that use the codec. */
export const MODEL_OPTION = {
  type: "string",
  value: "FILE",
  help: "file of weights to use instead of the published ones",
} as const;

/**
 * Reads the codec's weights.
 *
 * @param path Their file.
 * @returns The model.
 * @throws {UserError} If there is no such file, or it holds other things.
 */
export async function readModel(
  path: string = WEIGHTS_FILE,
): Promise<CodecModel> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound;
    const hint = !isMissing
      ? `: ${systemReason(error)}.`
      : path === WEIGHTS_FILE
      ? ": `deno task train codec` makes them."
      : ".";
    throw new UserError(`There are no weights in "${path}"${hint}`);
  }
  try {
    return readWeights(bytes);
  } catch (error) {
    const isKnown = error instanceof CodecError ||
      error instanceof SafetensorsError;
    if (!isKnown) throw error;
    throw new UserError(
      `"${path}" does not hold weights of the codec: ${error.message}`,
    );
  }
}

/**
 * Reads the weights that predict the frames of clips from those before them.
 *
 * @param path The file of the weights for photos, if they are not the published
 * ones; there are none for others.
 * @returns The model, if there is one.
 * @throws {UserError} If their file holds other things.
 */
export async function readClipModel(
  path?: string,
): Promise<CodecModel | undefined> {
  if (path !== undefined || !existsSync(CLIP_WEIGHTS_FILE)) return undefined;
  return await readModel(CLIP_WEIGHTS_FILE);
}
