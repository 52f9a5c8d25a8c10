import {
  type EngineOptions,
  installEngine,
} from "@/tasks/setup/install_engine.ts";
import { takeLibraries } from "@/tasks/setup/take_libraries.ts";
import { bytesIn, inMegabytes } from "@/tasks/setup/count_bytes.ts";
import { tensorflowPins } from "@/tasks/setup/stamp.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { makeZip } from "../../datasets/_zip.ts";
import { withFolder } from "../../_folder.ts";

const text = (letters: string) => new TextEncoder().encode(letters);

/** A wheel of the form of TensorFlow's. */
const wheel = makeZip([
  { name: "tensorflow/libtensorflow_cc.so.2", data: text("cc"), deflate: true },
  { name: "tensorflow/libtensorflow_framework.so.2", data: text("frame") },
  { name: "tensorflow/python/libother.so", data: text("not at the top") },
  { name: "tensorflow/__init__.py", data: text("pass") },
]);

Deno.test("takeLibraries unpacks the libraries at the top and nothing else", async () => {
  await withFolder(async (folder) => {
    await Deno.writeFile(`${folder}/a.whl`, wheel);
    await Deno.mkdir(`${folder}/out`);
    const names = await takeLibraries(`${folder}/a.whl`, `${folder}/out`);
    assertEquals(names, [
      "libtensorflow_cc.so.2",
      "libtensorflow_framework.so.2",
    ]);
    const read = (name: string) => Deno.readTextFile(`${folder}/out/${name}`);
    assertEquals(await Promise.all(names.map(read)), ["cc", "frame"]);
    assertEquals(bytesIn(`${folder}/out`), 7);
  });
});

Deno.test("a wheel on this machine is used without Python if its checksum is pinned", async () => {
  await withFolder(async (root) => {
    const workspace = { ...workspaceAt(root), pins: root };
    const options: EngineOptions = {
      cwd: root,
      log: `${root}/log`,
      lock: { setChild() {} },
      wheel: `${root}/a.whl`,
      makePython: () => Promise.reject(new Error("Python was asked for")),
      onDetail() {},
    };
    const install = () => installEngine(workspace, options);
    await Deno.writeTextFile(tensorflowPins(workspace, "cpu"), "a --hash=b");
    await assertRejects(install, UserError, "which cannot be read");
    await Deno.writeFile(options.wheel!, wheel);
    await assertRejects(install, UserError, "checksum is not one of those");
    await Deno.writeTextFile(
      tensorflowPins(workspace, "cpu"),
      `a --hash=sha256:${sha256Hex(wheel)}`,
    );
    await install();
    const library = `${workspace.engine}/libtensorflow_cc.so.2`;
    assertEquals(await Deno.readTextFile(library), "cc");
    const left = Array.from(
      Deno.readDirSync(workspace.venv),
      ({ name }) => name,
    );
    assertEquals(left, ["tensorflow"]);
  });
});

Deno.test("each platform's wheel is pinned by its checksum", async () => {
  const pins = await Deno.readTextFile(tensorflowPins(workspaceAt(), "cpu"));
  for (const platform of ["x86_64", "aarch64", "darwin"]) {
    const line = pins.split("\n").find((line) => line.includes(platform)) ?? "";
    assertStringIncludes(line, "==2.21.0");
    assertEquals(/--hash=sha256:[0-9a-f]{64}$/.test(line), true, line);
  }
});

Deno.test("inMegabytes says how many of how many", () => {
  assertEquals(inMegabytes(12.4e6), "12 MB");
  assertEquals(inMegabytes(0, 273.8e6), "0 of 274 MB");
});
