/**
 * Loads the backends of TensorFlow.js in a browser, each when it is tried.
 *
 * @module
 */
/// <reference lib="webworker" />
import * as tf from "@tensorflow/tfjs";
import type { BackendName } from "./messages.ts";

/**
 * Loads a backend's code.
 *
 * @param name The backend.
 * @param wasm Address of the folder with the files of the wasm backend.
 * @param isWanted Whether the reader asked for it. Otherwise a graphics API
 * without a graphics card is refused, since wasm is faster then.
 * @throws {Error} If the backend is missing or refused; the message is a part
 * of a sentence.
 */
export async function loadBackend(
  name: BackendName,
  wasm: string,
  isWanted: boolean,
): Promise<void> {
  if (name === "webgpu" || name === "webgl") {
    const renderer = await rendererName(name);
    if (!isWanted && isSoftware(renderer)) {
      throw new Error(`there is no graphics card, but ${renderer}`);
    }
  }
  if (name === "webgpu") await import("@tensorflow/tfjs-backend-webgpu");
  if (name === "cpu") await import("@tensorflow/tfjs-backend-cpu");
  if (name === "webgl") {
    await import("@tensorflow/tfjs-backend-webgl");
    // Textures of 16-bit floats cannot hold whole numbers.
    tf.env().set("WEBGL_FORCE_F16_TEXTURES", false);
  }
  if (name === "wasm") {
    const { setWasmPaths } = await import("@tensorflow/tfjs-backend-wasm");
    setWasmPaths(wasm);
  }
}

/**
 * Checks whether a renderer runs on the processor.
 *
 * @param name The renderer's name, as the browser gives it.
 * @returns False for graphics cards and unknown names.
 */
export function isSoftware(name: string): boolean {
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

/** The name of what draws behind a graphics API of the browser. */
async function rendererName(api: "webgpu" | "webgl"): Promise<string> {
  return api === "webgpu" ? await webgpuName() : webglName();
}

async function webgpuName(): Promise<string> {
  const { gpu } = navigator as unknown as {
    gpu?: {
      requestAdapter(): Promise<
        | { info?: { description: string; architecture: string } }
        | null
      >;
    };
  };
  const adapter = await gpu?.requestAdapter();
  if (adapter === undefined || adapter === null) {
    throw new Error("there is no WebGPU");
  }
  return `${adapter.info?.description} ${adapter.info?.architecture}`;
}

function webglName(): string {
  const context = new OffscreenCanvas(1, 1).getContext("webgl");
  if (context === null) throw new Error("there is no WebGL");
  const extension = context.getExtension("WEBGL_debug_renderer_info");
  return `${
    context.getParameter(
      extension?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER,
    )
  }`;
}
