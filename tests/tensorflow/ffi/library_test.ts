import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import {
  findLibrary,
  LibraryError,
} from "@/tensorflow/library/find_library.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Imports the engine in a process of its own. */
async function start(environment: Record<string, string>, code = "") {
  const { code: status, stdout, stderr } = await new Deno.Command(
    Deno.execPath(),
    {
      args: ["eval", `const tf = await import("@/tensorflow/mod.ts"); ${code}`],
      cwd: root,
      env: { NO_COLOR: "1", ...environment },
    },
  ).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { status, stdout: text(stdout), stderr: text(stderr) };
}

Deno.test("findLibrary() finds the library in the checkout", () => {
  assertMatch(findLibrary(), /\.venv\/(lib\/.*)?tensorflow\/libtensorflow_cc/);
});

Deno.test("findLibrary() says how to set TensorFlow up", () => {
  assertThrows(
    () => findLibrary("/nowhere"),
    LibraryError,
    'TensorFlow is not set up in "/nowhere/.venv": run `deno task setup`.',
  );
});

Deno.test("a missing library is one clear error", async () => {
  const { status, stderr } = await start({
    ONECODE_TENSORFLOW_FOLDER: "/nonexistent",
  });
  assertEquals(status, 1);
  assertMatch(
    stderr,
    /LibraryError: No TensorFlow library in "\/nonexistent", the folder that ONECODE_TENSORFLOW_FOLDER names\./,
  );
});

Deno.test("the engine starts and ends in silence", async () => {
  const idle = await start({});
  assertEquals(idle, { status: 0, stdout: "", stderr: "" });
  const code = 'console.log(tf.tf.add(1, 2).dataSync()[0]); throw "over";';
  const busy = await start({}, code);
  assertEquals([busy.status, busy.stdout], [1, "3\n"]);
  assertMatch(busy.stderr, /^error: Uncaught \(in promise\) "over"\n/);
});
