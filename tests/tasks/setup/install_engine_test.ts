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

/** A checkout in a folder, where nothing is pinned yet. */
function checkout(root: string) {
  const workspace = { ...workspaceAt(root), pins: root };
  const options = {
    cwd: root,
    log: `${root}/log`,
    lock: { setChild() {} },
    wheel: undefined,
    onDetail() {},
  } satisfies EngineOptions;
  const pin = (line: string) =>
    Deno.writeTextFile(tensorflowPins(workspace, "cpu"), line);
  const installed = () =>
    Deno.readTextFile(`${workspace.engine}/libtensorflow_cc.so.2`);
  return { workspace, options, pin, installed };
}

/** The pin of a wheel for every machine. */
const pinOf = (sha256: string) =>
  `tf-cpu==1 ; "x86_64" "aarch64" "darwin" --hash=sha256:${sha256}`;

Deno.test("the wheel is found in an index that answers in JSON or in HTML", async () => {
  const sha256 = sha256Hex(wheel);
  const pages = {
    json: JSON.stringify({
      files: [
        { url: "../other.whl", hashes: { sha256: "0".repeat(64) } },
        { url: "../a.whl", hashes: { sha256 } },
      ],
    }),
    html: `<!DOCTYPE html><a href="../other.whl#sha256=00">other</a>
      <a href="../a.whl#sha256=${sha256}">a.whl</a>`,
    none: "<!DOCTYPE html>",
    other: `<a href="../other.whl#sha256=${sha256}">a.whl</a>`,
  };
  await using server = Deno.serve({ port: 0, onListen() {} }, ({ url }) => {
    const [, kind = "", name] = new URL(url).pathname.split("/");
    const page = pages[kind as keyof typeof pages];
    if (page !== undefined && name === "tf-cpu") return new Response(page);
    if (name === "a.whl") return new Response(wheel.slice());
    if (name === "other.whl") return new Response("another file");
    return new Response("", { status: 404 });
  });
  const index = (kind: string) =>
    `http://localhost:${server.addr.port}/${kind}`;
  for (const kind of ["json", "html", "html/"]) {
    await withFolder(async (root) => {
      const { workspace, options, pin, installed } = checkout(root);
      await pin(pinOf(sha256));
      await installEngine(workspace, { ...options, index: index(kind) });
      assertEquals(await installed(), "cc");
    });
  }
  for (
    const [kind, sentence] of [
      ["none", "The package index has no file with the pinned checksum at"],
      ["other", "Downloading TensorFlow failed: "],
      ["missing", "Asking the package index failed: "],
    ] as const
  ) {
    await withFolder(async (root) => {
      const { workspace, options, pin } = checkout(root);
      await pin(pinOf(sha256));
      await assertRejects(
        () => installEngine(workspace, { ...options, index: index(kind) }),
        UserError,
        sentence,
      );
    });
  }
});

Deno.test("a wheel on this machine is used if its checksum is pinned", async () => {
  await withFolder(async (root) => {
    const { workspace, options, pin, installed } = checkout(root);
    const file = `${root}/a.whl`;
    const install = () => installEngine(workspace, { ...options, wheel: file });
    await pin("a --hash=b");
    await assertRejects(install, UserError, "which cannot be read");
    await Deno.writeFile(file, wheel);
    await assertRejects(install, UserError, "checksum is not one of those");
    await pin(pinOf(sha256Hex(wheel)));
    await install();
    assertEquals(await installed(), "cc");
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
