/**
 * What the npm package needs of a browser; it replaces `host.ts` there.
 *
 * @module
 */
import { getBackend, ready, setBackend } from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import type { Pixels } from "@/images/pixels.ts";
import { weightsFile } from "./weights_file.ts";

/**
 * Starts WebAssembly, unless the page has set a backend already. Where the page
 * has called `setWasmPaths`, the binaries come from there.
 *
 * @throws {Error} If WebAssembly does not run here.
 */
async function prepareWasm(): Promise<void> {
  if ((getBackend() as string | undefined) !== undefined) return;
  if (!await setBackend("wasm")) {
    throw new Error("WebAssembly does not run here.");
  }
  await ready();
}

/**
 * Fetches weights.
 *
 * @param address Where they are; beside the script by default.
 * @returns The file.
 * @throws {Error} If the server does not send them.
 */
async function takeWeights(
  address: string = weightsFile.href,
): Promise<Uint8Array> {
  const response = await fetch(address);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  throw new Error(
    `The server answers ${response.status} for the weights, "${address}": ` +
      "copy them there, or name another address by setWeights.",
  );
}

/**
 * Decodes an image file, as far as the browser knows its format.
 *
 * @param file The file.
 * @returns Its pixels.
 * @throws {Error} If it cannot be read.
 */
async function readPhotoFile(file: Uint8Array): Promise<Pixels> {
  const { readBlob } = await import("@/web/read_photo.ts");
  return await readBlob(new Blob([new Uint8Array(file)]));
}

// The names of host.ts, which this replaces.
export { prepareWasm, readPhotoFile, takeWeights };
