/**
 * Starts what the codec computes with: the engine where it is set up, and
 * otherwise TensorFlow.js on WebAssembly, which is slower and needs nothing but
 * npm's packages. Both compute the networks of whole numbers exactly, so each
 * reads the other's files.
 *
 * @module
 */
import { ready, setBackend } from "@tensorflow/tfjs";
import { libraryIn } from "@/tensorflow/library/find_library.ts";
import { UserError } from "@/errors/user_error.ts";

/** What the codec computes with. */
export type CodecBackend = "tensorflow" | "wasm";

/**
 * Chooses a backend for the codec: the engine if it is set up, or if
 * `ONECODE_TENSORFLOW_FOLDER` says where its library is.
 *
 * @returns The backend.
 */
export function codecBackend(): CodecBackend {
  const isNamed = (Deno.env.get("ONECODE_TENSORFLOW_FOLDER") ?? "") !== "";
  return isNamed || libraryIn() !== undefined ? "tensorflow" : "wasm";
}

/**
 * Starts a backend and makes it the one in use. For WebAssembly, says in one
 * line that the engine is faster.
 *
 * @param backend The backend.
 * @throws {UserError} If WebAssembly does not run here.
 */
export async function startBackend(
  backend: CodecBackend = codecBackend(),
): Promise<void> {
  if (backend === "tensorflow") {
    await import("@/tensorflow/mod.ts");
    return;
  }
  await import("@tensorflow/tfjs-backend-wasm");
  if (!await setBackend("wasm")) {
    throw new UserError(
      "WebAssembly does not run here: `deno task setup:engine` installs TensorFlow.",
    );
  }
  await ready();
  console.error(
    "Running on WebAssembly; with TensorFlow it is faster " +
      "(deno task setup:engine).",
  );
}
