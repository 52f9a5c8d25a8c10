/**
 * What draws, behind the browser's graphics APIs.
 *
 * @module
 */
/// <reference lib="webworker" />

/**
 * The renderer's name, as the browser tells it.
 *
 * @throws {Error} In half a sentence, when there is no such API.
 */
export async function rendererName(api: "webgpu" | "webgl"): Promise<string> {
  return api === "webgpu" ? await webgpuName() : webglName();
}

/** Whether a renderer runs on the processor. */
export function isSoftware(name: string): boolean {
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
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
