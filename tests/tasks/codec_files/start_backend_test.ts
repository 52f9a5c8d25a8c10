import { decodeImage, encodeImage, loadModel } from "@/codec/mod.ts";
import { MAX_EFFORT } from "@/codec/format/header.ts";
import { cropImage, readImage } from "@/images/mod.ts";
import { main } from "@/tasks/encode.ts";
import { readModel } from "@/tasks/codec_files/read_model.ts";
import { startBackend } from "@/tasks/codec_files/start_backend.ts";
import { UserError } from "@/errors/user_error.ts";
import { getBackend, setBackend } from "@tensorflow/tfjs";
import { assertEquals, assertRejects } from "@std/assert";

Deno.test("WebAssembly makes the engine's file, and decodes its latents", async () => {
  const photo = cropImage(await readImage("data/starter/heron.webp"), {
    left: 100,
    top: 100,
    width: 96,
    height: 64,
  });
  const model = await readModel();
  const files: Uint8Array[] = [];
  for (const backend of ["wasm", "tensorflow"] as const) {
    const print = console.error;
    const lines: string[] = [];
    console.error = (line: string) => lines.push(line);
    try {
      await startBackend(backend);
    } finally {
      console.error = print;
    }
    assertEquals(lines.length, backend === "wasm" ? 1 : 0);
    await setBackend(backend);
    assertEquals(getBackend(), backend);
    const loaded = loadModel(model);
    files.push(await encodeImage(loaded, photo, { quality: 40 }));
    // Other latents than those that were encoded would be refused.
    const { high, highIs } = await decodeImage(loaded, files[0]!, {});
    assertEquals([highIs, high?.width], ["complete", 96]);
    loaded.dispose();
  }
  assertEquals(files[0], files[1]);
});

Deno.test("encode allows the efforts of the encoder, and no more", async () => {
  const encode = (effort: number) =>
    main(["missing.jpg", `--effort=${effort}`]);
  assertEquals(await encode(MAX_EFFORT), 1);
  await assertRejects(() => encode(MAX_EFFORT + 1), UserError, "--effort");
});
