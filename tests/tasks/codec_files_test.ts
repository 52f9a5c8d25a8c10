/** The tasks that encode, decode and inspect, on a codec of a few weights. */
import { parseHeader } from "@/codec/mod.ts";
import { readImage } from "@/images/mod.ts";
import { psnr } from "@/metrics/mod.ts";
import { main as decode } from "@/tasks/decode.ts";
import { main as encode } from "@/tasks/encode.ts";
import { main as inspect } from "@/tasks/inspect.ts";
import {
  assertEquals,
  assertGreater,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
} from "@std/assert";
import { fileURLToPath } from "node:url";
import { model, run, withPhotos } from "./_codec_tasks.ts";

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
      /^.*a\.onecode: \d+ bytes, \d\.\d{3} bits per pixel, quality 90; the first \d+ \(\d+ %\) are the medium image\n.*in\/b\.onecode: /,
    );

    const looked = await run(inspect, files, "--model", model);
    assertEquals([looked.status, looked.error], [0, ""]);
    assertMatch(looked.out, /image +41x30, medium 21x15, thumbnail 2x1\n/);
    assertMatch(looked.out, /quality +90, coarseness 1, effort 0\n/);
    assertMatch(
      looked.out,
      /prefixes thumbnail \d+ bytes, medium image \d+ \(\d+ %\)\n/,
    );
    assertMatch(looked.out, /model +[0-9a-f]{16}, that of ".*tiny_model/);
    assertEquals(looked.out.match(/checksum right/g)!.length, 6);

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

    const thumbnail = await run(
      decode,
      `${files}/a.onecode`,
      "--thumbnail",
      ...["--format", "webp", "--out", images, "--model", model],
    );
    assertEquals(thumbnail, {
      status: 0,
      out: `${images}/a.webp: 2x1 pixels`,
      error: "",
    });
  });
});

Deno.test("a lower quality of the medium image makes its prefix shorter", async () => {
  await withPhotos(async (folder) => {
    const photo = `${folder}/photos/a.png`;
    const lengths: number[] = [];
    for (const quality of ["higher", "equal", "lower", "lowest"]) {
      const options = ["--model", model, "--force", "--quality", "80"];
      const { status, error } = await run(
        encode,
        ...[photo, "--medium-quality", quality, ...options],
      );
      assertEquals([status, error], [0, ""]);
      const file = await Deno.readFile(`${folder}/photos/a.onecode`);
      const { coarseness, mediumBytes } = parseHeader(file);
      assertEquals(coarseness, lengths.length);
      lengths.push(mediumBytes);
    }
    assertEquals(lengths, lengths.toSorted((a, b) => b - a));
    assertLess(lengths.at(-1)!, lengths[0]!);
  });
});

/** A whole file of version 1. */
const VERSION_1 =
  "f16f6e6501cb01020304050607088005ab03010094e0b5aaaac647c913c647c913";

Deno.test("files of version 1 are refused with a sentence", async () => {
  await withPhotos(async (folder) => {
    const old = `${folder}/old.onecode`;
    await Deno.writeFile(old, Uint8Array.fromHex(VERSION_1));
    for (const main of [decode, inspect]) {
      assertEquals(await run(main, old, "--model", model), {
        status: 1,
        out: "",
        error:
          `error: ${old}: The file has version 1 of the format, but only ` +
          "version 5 can be read; FORMAT.md says how to read older files.",
      });
    }
  });
});

Deno.test("a cut file gives the medium image; damage is told", async () => {
  await withPhotos(async (folder) => {
    const options = ["--out", folder, "--model", model];
    await run(encode, `${folder}/photos/a.png`, ...options);
    const file = await Deno.readFile(`${folder}/a.onecode`);
    const { thumbnailBytes, mediumBytes } = parseHeader(file);
    const changed = (at: number) => {
      const bytes = file.slice();
      bytes[at]! ^= 1;
      return bytes;
    };
    const broken = {
      cut: file.subarray(0, mediumBytes + 2),
      high: changed(file.length - 1),
      medium: changed(mediumBytes - 1),
      thumb: changed(thumbnailBytes - 1),
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
        "before the high image does",
    );
    assertEquals(error.split("\n"), [
      `error: ${folder}/high.onecode: A layer is damaged; the medium image ` +
      `of 21x15 pixels is in "${folder}/high.png".`,
      `error: ${folder}/medium.onecode: A layer is damaged; the thumbnail of ` +
      `2x1 pixels is in "${folder}/medium.png".`,
      `error: ${folder}/thumb.onecode: The first layer's checksum is wrong.`,
      `error: ${folder}/short.onecode: The file ends inside its header, ` +
      "after 20 bytes.",
    ]);
    const [cut, high] = await Promise.all(
      ["cut", "high"].map((name) => readImage(`${folder}/${name}.png`)),
    );
    assertEquals(cut, high);

    const looked = await run(inspect, ...words, "--model", model);
    assertEquals(looked.status, 1);
    const [cutPart, highPart, mediumPart, thumbPart] = looked.out.split(
      /\n(?=\S)/,
    );
    const { length } = file;
    assertMatch(
      cutPart!,
      new RegExp(
        ` high .* cut after 2 of ${length - mediumBytes} bytes .*\n.*\n` +
          `  file +${mediumBytes + 2} of ${length} bytes, `,
      ),
    );
    assertMatch(highPart!, / high .* checksum wrong\n/);
    assertMatch(mediumPart!, / medium .* checksum wrong\n.* not checked\n/);
    assertMatch(thumbPart!, / thumb .* not checked\n/);
    assertEquals(looked.error.split("\n"), [
      `error: ${folder}/cut.onecode: The file ends within its layer 2.`,
      `error: ${folder}/high.onecode: The checksum of layer 2 is wrong.`,
      `error: ${folder}/medium.onecode: The checksum of layer 1 is wrong.`,
      `error: ${folder}/thumb.onecode: The first layer's checksum is wrong.`,
      `error: ${folder}/short.onecode: The file ends inside its header, after ` +
      "20 bytes.",
    ]);

    // Exactly the medium image, and less than it.
    await Deno.writeFile(names[0]!, file.subarray(0, mediumBytes));
    const medium = await run(inspect, names[0]!, "--model", model);
    assertEquals([medium.status, medium.error], [0, ""]);
    assertMatch(medium.out, / high .* not in this file\n/);
    await Deno.writeFile(names[0]!, file.subarray(0, mediumBytes - 1));
    const less = await run(inspect, names[0]!, "--model", model);
    assertEquals(less.status, 1);
    assertMatch(less.error, /: The file ends within its layer 1\.$/);
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
    assertMatch(
      least.out,
      /, quality 1, the smallest possible file; the first /,
    );
    // Done, where not even quality 1 is small enough, and nowhere else.
    const rates = [["0.01", /Skipped 1 file/], [
      "3",
      /exists already/,
    ]] as const;
    for (const [rate, expected] of rates) {
      const args = [photo, "--target-bpp", rate, ...options];
      assertMatch((await run(encode, ...args)).error, expected);
    }
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
    [
      decode,
      ["x.onecode", "--medium", "--thumbnail"],
      "error: Give either --medium or --thumbnail, not both.",
    ],
    [
      encode,
      ["x.png", "--medium-quality", "best"],
      /^error: .*--medium-quality.*higher.*equal.*lower.*lowest.*$/,
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
