/**
 * The codec's weights from their file.
 *
 * @module
 */
import { join } from "node:path";
import { CodecError } from "@/codec/format/codec_error.ts";
import type { CodecModel } from "@/codec/model/codec_model.ts";
import { readWeights } from "@/codec/model/weights_file.ts";
import { SafetensorsError } from "@/models/safetensors.ts";
import { UserError } from "./mod.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";

/** Where the published weights lie. */
export const WEIGHTS_FILE: string = join(
  workspaceAt().root,
  "results",
  "codec",
  "weights.safetensors",
);

/**
 * Reads weights.
 *
 * @param path Of other ones than those that are published.
 * @throws {UserError} If there are none.
 */
export async function readModel(path?: string): Promise<CodecModel> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path ?? WEIGHTS_FILE);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new UserError(
      path === undefined
        ? `There are no weights in "${WEIGHTS_FILE}": ` +
          "`deno task train codec` makes them."
        : `There are no weights in "${path}".`,
    );
  }
  try {
    return readWeights(bytes);
  } catch (error) {
    const isKnown = error instanceof CodecError ||
      error instanceof SafetensorsError;
    if (!isKnown) throw error;
    throw new UserError(
      `"${path ?? WEIGHTS_FILE}" holds no codec's weights: ${error.message}`,
    );
  }
}
