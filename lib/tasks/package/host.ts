/**
 * What the npm package needs of Node.js and Deno: files, sharp and wasm.
 *
 * @module
 */
import { getBackend, ready, setBackend } from "@tensorflow/tfjs";
import { readFile } from "node:fs/promises";
import { weightsFile } from "./weights_file.ts";
import type { Pixels } from "@/images/pixels.ts";

/**
 * Starts WebAssembly, unless TensorFlow is the backend already: after
 * `import "@tensorflow/tfjs-node"`.
 *
 * @throws {Error} If WebAssembly does not run here.
 */
export async function prepareWasm(): Promise<void> {
  if (getBackend() === "tensorflow") return;
  await import("@tensorflow/tfjs-backend-wasm");
  if (!await setBackend("wasm")) {
    throw new Error("WebAssembly does not run here.");
  }
  await ready();
}

/**
 * Reads weights.
 *
 * @param address Of another file than the package's.
 * @returns The file.
 */
export async function takeWeights(address?: string): Promise<Uint8Array> {
  if (address !== undefined && /^https?:/.test(address)) {
    const response = await fetch(address);
    if (!response.ok) {
      throw new Error(`The server answers ${response.status} for the weights.`);
    }
    return new Uint8Array(await response.arrayBuffer());
  }
  const isUrl = address?.startsWith("file:");
  return await readFile(
    address === undefined ? weightsFile : isUrl ? new URL(address!) : address,
  );
}

/**
 * Decodes an image file by sharp.
 *
 * @param file JPEG, PNG, WebP, AVIF or TIFF.
 * @returns Its pixels.
 * @throws {Error} If it cannot be read, or sharp is not installed.
 */
export async function readPhotoFile(file: Uint8Array): Promise<Pixels> {
  try {
    await import("sharp");
  } catch {
    throw new Error(
      "Image files are read by sharp: `npm install sharp`, or give pixels.",
    );
  }
  const { decodePixels } = await import("@/images/decode_pixels.ts");
  return await decodePixels(file);
}
