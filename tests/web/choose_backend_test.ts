/** The order in which backends are tried, and what is told of the others. */
import { chooseBackend } from "@/web/choose_backend.ts";
import type { BackendName } from "@/web/messages.ts";
import { tf } from "@/tensorflow/mod.ts";
import { assertEquals, assertRejects } from "@std/assert";

Deno.test("the first backend that works is taken, and others are told", async () => {
  const tried: BackendName[] = [];
  const load = (name: BackendName) => {
    tried.push(name);
    return name === "webgpu"
      ? Promise.reject(new Error("there is no WebGPU\nat a line"))
      : Promise.resolve();
  };
  try {
    const { backend, passedOver } = await chooseBackend(load);
    // Of these Deno has plain JavaScript alone.
    assertEquals(backend, "cpu");
    assertEquals(tried, ["webgpu", "webgl", "wasm", "cpu"]);
    assertEquals(
      passedOver[0],
      "webgpu does not work in this browser (there is no WebGPU).",
    );
    assertEquals(passedOver.length, 3);
    const only = await chooseBackend(load, "cpu");
    assertEquals(only, { backend: "cpu", passedOver: [] });
    await assertRejects(
      () => chooseBackend(load, "webgpu"),
      Error,
      "No backend can decode here: webgpu does not work",
    );
  } finally {
    await tf.setBackend("tensorflow");
  }
});
