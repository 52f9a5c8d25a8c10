/** The tasks that encode, decode and inspect, on a codec of a few weights. */
import { parseHeader } from "@/codec/mod.ts";
import { readImage, writeImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { main as decode } from "@/tasks/decode.ts";
import { main as encode } from "@/tasks/encode.ts";
import { main as inspect } from "@/tasks/inspect.ts";
import { taskStatus } from "@/tasks/cli/run_task.ts";
import {
  assertEquals,
  assertGreater,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import { drawPicture } from "../codec/_tiny_model.ts";
import { runTask } from "./_run_task.ts";

const model = fileURLToPath(
  new URL("../expected/codec/tiny_model.safetensors", import.meta.url),
);

interface Run {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a task in this process, and takes what it prints. */
async function run(
  main: (args: string[]) => Promise<number | void>,
  ...args: string[]
): Promise<Run> {
  const out: string[] = [], error: string[] = [];
  const { log, error: logError } = console;
  console.log = (text) => out.push(text);
  console.error = (text) => error.push(text);
  try {
    const status = await taskStatus(main, args, {
      print: (text) => out.push(text),
      printError: (text) => error.push(text),
      debug: false,
    });
    return { status, out: out.join("\n"), error: error.join("\n") };
  } finally {
    console.log = log;
    console.error = logError;
  }
}

/** A folder with two photos and a file that is none. */
async function withPhotos(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await Deno.mkdir(`${folder}/photos/in`, { recursive: true });
    await writeImage(`${folder}/photos/a.png`, drawPicture(41, 30, "a"));
    await writeImage(`${folder}/photos/in/b.png`, drawPicture(16, 16, "b"));
    await Deno.writeTextFile(`${folder}/photos/broken.jpg`, "no photo");
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("photos are encoded, inspected and decoded; bad ones are told", async () => {
  await withPhotos(async (folder) => {
    const [photos, files] = [`${folder}/photos`, `${folder}/files`];
    const encoded = await run(
      encode,
      ...[photos, "--out", files, "--model", model, "--quality", "90"],
    );
    assertEquals(encoded.status, 1);
    assertMatch(
      encoded.error,
      /^error: Image ".*broken\.jpg" cannot be read: /,
    );
    assertEquals(encoded.error.split("\n").length, 1);
    assertMatch(
      encoded.out,
      /^.*a\.onecode: \d+ bytes, \d\.\d{3} bits per pixel, quality 90\n.*in\/b\.onecode: /,
    );

    const looked = await run(inspect, files, "--model", model);
    assertEquals([looked.status, looked.error], [0, ""]);
    assertMatch(looked.out, /image +41x30, medium 21x15\n/);
    assertMatch(looked.out, /model +[0-9a-f]{16}, that of ".*tiny_model/);
    assertEquals(looked.out.match(/checksum right/g)!.length, 4);

    const images = `${folder}/images`;
    const decoded = await run(
      decode,
      ...[files, "--out", images, "--model", model],
    );
    assertEquals([decoded.status, decoded.error], [0, ""]);
    const high = await readImage(`${images}/a.png`);
    const original = await readImage(`${photos}/a.png`);
    assertGreater(psnr(high.data, original.data), 20);
    assertEquals((await readImage(`${images}/in/b.png`)).width, 16);

    const medium = await run(
      decode,
      `${files}/a.onecode`,
      "--medium",
      ...["--format", "jpeg", "--out", images, "--model", model],
    );
    assertEquals(medium, {
      status: 0,
      out: `${images}/a.jpg: 21x15 pixels`,
      error: "",
    });
    assertEquals((await readImage(`${images}/a.jpg`)).width, 21);
  });
});

Deno.test("a cut file gives the medium image; damage is told", async () => {
  await withPhotos(async (folder) => {
    const options = ["--out", folder, "--model", model];
    await run(encode, `${folder}/photos/a.png`, ...options);
    const file = await Deno.readFile(`${folder}/a.onecode`);
    const { mediumBytes } = parseHeader(file);
    const changed = (at: number) => {
      const bytes = file.slice();
      bytes[at]! ^= 1;
      return bytes;
    };
    const broken = {
      cut: file.subarray(0, mediumBytes + 2),
      second: changed(file.length - 1),
      first: changed(mediumBytes - 1),
      short: file.subarray(0, 20),
    };
    const names = Object.keys(broken).map((name) => `${folder}/${name}`);
    for (const [name, bytes] of Object.entries(broken)) {
      await Deno.writeFile(`${folder}/${name}.onecode`, bytes);
    }
    const words = names.map((name) => `${name}.onecode`);
    const { status, out, error } = await run(decode, ...words, ...options);
    assertEquals(status, 1);
    assertEquals(
      out,
      `${folder}/cut.png: 21x15 pixels, the medium image: the file ends ` +
        "before the high one does",
    );
    assertEquals(error.split("\n"), [
      `error: ${folder}/second.onecode: The second layer is damaged; the ` +
      `medium image of 21x15 pixels is in "${folder}/second.png".`,
      `error: ${folder}/first.onecode: The first layer's checksum is wrong.`,
      `error: ${folder}/short.onecode: The file ends inside its header, ` +
      "after 20 bytes.",
    ]);
    const [cut, second] = await Promise.all(
      ["cut", "second"].map((name) => readImage(`${folder}/${name}.png`)),
    );
    assertEquals(cut, second);

    const looked = await run(inspect, ...words, "--model", model);
    assertEquals(looked.status, 1);
    assertMatch(looked.out, /cut: 2 bytes of it and its checksum are there/);
    assertMatch(looked.out, /layer 2 .* checksum wrong/);
    assertEquals(looked.error.split("\n").length, 2);
  });
});

Deno.test("files are not replaced unless asked, and sizes can be", async () => {
  await withPhotos(async (folder) => {
    const photo = `${folder}/photos/a.png`;
    const before = await Deno.readFile(photo);
    const options = ["--model", model];
    assertEquals((await run(encode, photo, ...options)).status, 0);
    const file = `${folder}/photos/a.onecode`;
    // The photo itself is safe.
    const refused = await run(decode, file, ...options);
    assertEquals(refused, {
      status: 1,
      out: "",
      error: `error: ${file}: "${photo}" exists already; --force replaces it.`,
    });
    assertEquals(await Deno.readFile(photo), before);

    const target = ["--target-bpp", "3", "--force"];
    const small = await run(encode, photo, ...target, ...options);
    assertEquals([small.status, small.error], [0, ""]);
    const bits = 8 * (await Deno.stat(file)).size / (41 * 30);
    assertLessOrEqual(bits, 3);
    assertMatch(small.out, new RegExp(` ${bits.toFixed(3)} bits per pixel, `));
    const least = await run(
      encode,
      ...[photo, "--target-bpp", "0.01", "--force", ...options],
    );
    assertMatch(least.out, /, quality 1, the smallest possible file$/);
  });
});

Deno.test("effort makes other files, which are not above a target", async () => {
  await withPhotos(async (folder) => {
    const photo = `${folder}/photos/a.png`;
    const file = `${folder}/photos/a.onecode`;
    const options = ["--model", model, "--force"];
    const encoded = async (...more: string[]) => {
      const { status, error } = await run(encode, photo, ...options, ...more);
      assertEquals(status, 0, error);
      const decoded = await run(decode, file, ...options, "--out", folder);
      assertEquals([decoded.status, decoded.error], [0, ""]);
      return await Deno.readFile(file);
    };
    const quality = ["--quality", "80"];
    const plain = await encoded(...quality);
    assertEquals(await encoded(...quality, "--effort", "0"), plain);
    const refined = await encoded(...quality, "--effort", "2");
    assertNotEquals(refined, plain);
    assertEquals(parseHeader(refined).quality, 80);

    const near = await encoded("--target-bpp", "3", "--effort", "1");
    assertLessOrEqual(8 * near.length / (41 * 30), 3);
  });
});

Deno.test("the tasks say in one sentence what is wrong", async () => {
  const none = "/no/weights";
  const cases = [
    [encode, [], "error: Name a photo or a folder."],
    [decode, [], "error: Name a file or a folder."],
    [
      encode,
      ["x.png", "--quality", "9", "--target-bpp", "1"],
      "error: Give either --quality or --target-bpp, not both.",
    ],
    [encode, ["x.png", "--effort", "11"], /^error: .*--effort.* 10.*$/],
    [encode, ["x.png", "--effort", "1.5"], /^error: .*--effort.* integer .*$/],
    [
      encode,
      ["x.png", "--model", none],
      `error: There are no weights in "${none}".`,
    ],
    [
      decode,
      ["x.onecode", "--model", model],
      'error: There is no "x.onecode".',
    ],
    [
      inspect,
      ["x", "--model", fileURLToPath(import.meta.url)],
      /^error: ".*" does not hold weights of the codec: /,
    ],
  ] as const;
  for (const [main, args, message] of cases) {
    const { status, out, error } = await run(main, ...args);
    assertEquals([status, out], [1, ""]);
    if (typeof message === "string") assertEquals(error, message);
    else assertMatch(error, message);
  }
});

Deno.test("deno task encode is a process that ends", async () => {
  await withPhotos(async (folder) => {
    const { code, stdout, stderr } = await runTask(
      "encode",
      [`${folder}/photos/a.png`, "--model", model],
      folder,
    );
    assertEquals([code, stderr], [0, ""]);
    assertMatch(stdout, /^.*a\.onecode: \d+ bytes, .* quality 50\n$/);
  });
});
