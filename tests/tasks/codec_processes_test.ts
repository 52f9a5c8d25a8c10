/** The codec's tasks as processes: their streams, and where paths count from. */
import { parseHeader } from "@/codec/mod.ts";
import { readImage } from "@/images/mod.ts";
import { main as encode } from "@/tasks/encode.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { model, run, withPhotos } from "./_codec_tasks.ts";
import { runTask } from "./_run_task.ts";

Deno.test("deno task encode is a process that ends", async () => {
  await withPhotos(async (folder) => {
    const { code, stdout, stderr } = await runTask(
      "encode",
      [`${folder}/photos/a.png`, "--model", model],
      folder,
    );
    assertEquals([code, stderr], [0, ""]);
    assertMatch(
      stdout,
      /^.*a\.onecode: \d+ bytes, .* quality 50; .* are the medium image\n$/,
    );
  });
});

Deno.test("- is standard input and output", async () => {
  await withPhotos(async (folder) => {
    const start = async (task: string, input: Uint8Array, args: string[]) => {
      const path = new URL(`../../lib/tasks/${task}.ts`, import.meta.url);
      const child = new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", fileURLToPath(path), "-", ...args],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(input);
      await writer.close();
      return child;
    };
    const pipe = async (task: string, input: Uint8Array, ...args: string[]) => {
      const child = await start(task, input, args);
      const { code, stdout, stderr } = await child.output();
      const error = new TextDecoder().decode(stderr);
      return { code, stdout, error };
    };
    const photo = await Deno.readFile(`${folder}/photos/a.png`);
    const encoded = await pipe("encode", photo, "--model", model);
    assertEquals(encoded.code, 0, encoded.error);
    assertEquals(parseHeader(encoded.stdout).width, 41);
    assertMatch(encoded.error, /^-: \d+ bytes, /);
    const decoded = await pipe("decode", encoded.stdout, "--model", model);
    assertEquals(decoded.code, 0, decoded.error);
    await Deno.writeFile(`${folder}/out.png`, decoded.stdout);
    assertEquals((await readImage(`${folder}/out.png`)).width, 41);
    const unread = await start("decode", encoded.stdout, ["--model", model]);
    await unread.stdout.cancel();
    assertEquals(
      await new Response(unread.stderr).text(),
      "error: Standard output could not be written: its reader has gone.\n",
    );
    assertEquals((await unread.status).code, 1);
    const cut = encoded.stdout.subarray(0, -1);
    const looked = await pipe("inspect", cut, "--model", model);
    assertEquals(looked.code, 1);
    assertMatch(new TextDecoder().decode(looked.stdout), /^standard input\n/);
    assertEquals(
      looked.error,
      "error: standard input: The file ends within its layer 2.\n",
    );
  });
  const options = ["--model", model];
  for (
    const [words, message] of [
      [["-", "a.png"], '"-" is standard input, and allows no other words.'],
      [
        ["-", "--out", "x"],
        'With "-" the result goes to standard output: leave ' +
        "out --out.",
      ],
    ] as const
  ) {
    const { status, error } = await run(encode, ...words, ...options);
    assertEquals([status, error], [1, `error: ${message}`]);
  }
});

Deno.test("paths count from the folder of the user", async () => {
  await withPhotos(async (folder) => {
    const path = new URL("../../lib/tasks/encode.ts", import.meta.url);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--no-check", fileURLToPath(path)],
        ...["a.png", "--out", "../coded", "--model", model],
      ],
      cwd: "/",
      env: { INIT_CWD: `${folder}/photos`, NO_COLOR: "1" },
      stdin: "null",
    }).output();
    assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    assertMatch(new TextDecoder().decode(stdout), /^\.\.\/coded\/a\.onecode: /);
    assertEquals((await Deno.stat(`${folder}/coded/a.onecode`)).isFile, true);
  });
});
