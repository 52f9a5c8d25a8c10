/** Folders, links and names of files of the tasks that encode and decode. */
import { parseHeader } from "@/codec/mod.ts";
import { main as decode } from "@/tasks/decode.ts";
import { main as encode } from "@/tasks/encode.ts";
import { main as inspect } from "@/tasks/inspect.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { model, run, withPhotos } from "../_codec_tasks.ts";

Deno.test("a stopped batch is continued, and what is done is counted", async () => {
  await withPhotos(async (folder) => {
    await Deno.remove(`${folder}/photos/broken.jpg`);
    const files = `${folder}/files`;
    const again = (...more: string[]) =>
      run(
        encode,
        `${folder}/photos`,
        "--out",
        files,
        "--model",
        model,
        ...more,
      );
    assertEquals((await again()).status, 0);
    await Deno.remove(`${files}/a.onecode`);
    const rest = await again();
    assertEquals([rest.status, rest.error], [
      0,
      "Skipped 1 file that is done already; --force does all.",
    ]);
    assertMatch(rest.out, /^\S+a\.onecode: [^\n]+$/);
    const all = await again();
    assertEquals([all.status, all.out, all.error], [
      0,
      "",
      "Skipped 2 files that are done already; --force does all.",
    ]);
    const tags = await again("--html"); // a page needs them all the same
    assertEquals(tags.out.match(/<onecode-image /g)?.length, 2);
    assertEquals((await again("--force")).out.split("\n").length, 2);

    // Of another quality, or damaged, or of an older photo.
    const other = await again("--quality", "51");
    assertEquals(other.status, 1);
    assertMatch(other.error, /exists already; --force replaces it\./);
    // Far below a target, a file is none of a stopped batch.
    const far = await again("--target-bpp", "240");
    assertMatch(far.error, /exists already; --force replaces it\./);
    const photo = [`${folder}/photos/a.png`, "--out", files, "--model", model];
    const { width, height } = parseHeader(
      await Deno.readFile(`${files}/a.onecode`),
    );
    const { size } = await Deno.stat(`${files}/a.onecode`);
    const near = `${1.1 * 8 * size / (width * height)}`;
    const target = await run(encode, ...photo, "--target-bpp", near);
    assertMatch(target.error, /^Skipped 1 file/);
    await Deno.truncate(`${files}/a.onecode`, 100);
    await Deno.utime(`${files}/in/b.onecode`, 1, 1);
    const broken = await again();
    assertEquals([broken.status, broken.error.split("\n").length], [1, 2]);

    const images = ["--out", `${folder}/images`, "--model", model];
    await again("--force");
    assertEquals((await run(decode, files, ...images)).status, 0);
    const decoded = await run(decode, files, ...images);
    assertEquals([decoded.status, decoded.out], [0, ""]);
    assertMatch(decoded.error, /^Skipped 2 files/);
    const medium = await run(decode, files, "--medium", ...images);
    assertEquals(medium.status, 1);
  });
});

Deno.test("a file that cannot be written does not keep the others from it", async () => {
  await withPhotos(async (folder) => {
    // A folder is in the way.
    await Deno.mkdir(`${folder}/files/a.onecode/x`, { recursive: true });
    const options = ["--out", `${folder}/files`, "--model", model, "--force"];
    const { status, out, error } = await run(
      encode,
      ...[`${folder}/photos/a.png`, `${folder}/photos/in/b.png`, ...options],
    );
    assertEquals(status, 1);
    assertMatch(out, /^\S+b\.onecode: [^\n]+$/);
    assertMatch(error, /^error: .*"[^"]+\/files\/a\.onecode".*[^)]\.$/);
    assertEquals(error.split("\n").length, 1);
  });
});

Deno.test("linked folders are followed, but not in a circle", async () => {
  await withPhotos(async (folder) => {
    const album = `${folder}/album`;
    await Deno.mkdir(album);
    await Deno.symlink(`${folder}/photos/in`, `${album}/one`);
    await Deno.symlink(`${folder}/photos/in`, `${album}/two`);
    await Deno.symlink("..", `${folder}/photos/in/up`);
    await Deno.symlink(album, `${album}/self`);
    await Deno.remove(`${folder}/photos/broken.jpg`);
    const files = `${folder}/files`;
    const options = ["--out", files, "--model", model];
    const { status, error } = await run(encode, album, ...options);
    assertEquals([status, error], [0, ""]);
    for (const name of ["one/b", "two/b", "one/up/a", "two/up/a"]) {
      assertEquals((await Deno.stat(`${files}/${name}.onecode`)).isFile, true);
    }
    const looked = await run(inspect, files, "--model", model);
    assertEquals(looked.out.match(/^\S/gm)!.length, 4);
  });
});

Deno.test("--force writes through a link and keeps the mode", async () => {
  await withPhotos(async (folder) => {
    const [link, file] = [`${folder}/photos/a.onecode`, `${folder}/kept`];
    await Deno.writeTextFile(file, "old");
    await Deno.chmod(file, 0o600);
    await Deno.symlink(file, link);
    const options = ["--model", model, "--force"];
    const photo = `${folder}/photos/a.png`;
    assertEquals((await run(encode, photo, ...options)).status, 0);
    assertEquals((await Deno.lstat(link)).isSymlink, true);
    assertEquals((await Deno.stat(file)).mode! & 0o777, 0o600);
    assertEquals(parseHeader(await Deno.readFile(file)).width, 41);
  });
});

Deno.test("names of up to 255 bytes are fine", async () => {
  await withPhotos(async (folder) => {
    const name = "a".repeat(255 - ".onecode".length);
    await Deno.rename(`${folder}/photos/a.png`, `${folder}/${name}.png`);
    const options = ["--model", model, "--out", folder, "--force"];
    const file = `${folder}/${name}.onecode`;
    const encoded = await run(encode, `${folder}/${name}.png`, ...options);
    assertEquals([encoded.status, encoded.error], [0, ""]);
    const decoded = await run(decode, file, ...options);
    assertEquals([decoded.status, decoded.error], [0, ""]);
  });
});
