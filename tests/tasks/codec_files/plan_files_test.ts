import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { UserError } from "@/errors/user_error.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { planFiles } from "@/tasks/codec_files/plan_files.ts";
import { checkFree } from "@/tasks/codec_files/work_through.ts";

/** A folder with empty files, for one test. */
async function withFiles(
  names: readonly string[],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    for (const name of names) {
      const path = `${folder}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), {
        recursive: true,
      });
      await Deno.writeTextFile(path, "");
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const photos = /\.(png|jpg)$/i;

Deno.test("folders are looked through, and their folders mirrored", async () => {
  const names = [
    "b.png",
    "in/a.v2.JPG",
    "in/deep/b.png",
    "notes.txt",
    ".c.png",
  ];
  await withFiles(names, async (folder) => {
    const found = await findFiles([folder], photos);
    assertEquals(found.problems, []);
    const plan = (out?: string) =>
      planFiles(found, ".onecode", out).jobs.map(({ from, to }) =>
        [from, to].map((path) => path.replace(`${folder}/`, ""))
      );
    assertEquals(plan("out"), [
      ["b.png", "out/b.onecode"],
      ["in/a.v2.JPG", "out/in/a.v2.onecode"],
      ["in/deep/b.png", "out/in/deep/b.onecode"],
    ]);
    assertEquals(plan(), [
      ["b.png", "b.onecode"],
      ["in/a.v2.JPG", "in/a.v2.onecode"],
      ["in/deep/b.png", "in/deep/b.onecode"],
    ]);
  });
});

Deno.test("files may have any ending, and are taken once", async () => {
  await withFiles(["a.raw", "b.png", "bare"], async (folder) => {
    const words = ["bare", "a.raw", "b.png", "./b.png"];
    const found = await findFiles(
      [...words.map((word) => `${folder}/${word}`), folder],
      photos,
    );
    assertEquals(
      planFiles(found, ".x", "out").jobs.map(({ to }) => to),
      ["out/bare.x", "out/a.x", "out/b.x"],
    );
  });
});

Deno.test("no two results have one path", async () => {
  await withFiles(["a/x.png", "b/x.png", "b/x.jpg"], async (folder) => {
    const words = [`${folder}/a`, `${folder}/b`];
    const found = await findFiles(words, photos);
    assertEquals(planFiles(found, ".onecode", "out"), {
      jobs: [{ from: `${folder}/a/x.png`, to: "out/x.onecode" }],
      problems: ["b/x.jpg", "b/x.png"].map((name) =>
        `"${folder}/${name}" is skipped: "out/x.onecode" is made from ` +
        `"${folder}/a/x.png".`
      ),
    });
    const beside = planFiles(found, ".onecode");
    assertEquals(beside.jobs.length, 2);
    assertEquals(beside.problems.length, 1);
  });
});

Deno.test("what is not there is told, and the rest is done", async () => {
  await withFiles(["a.png", "empty/notes.txt"], async (folder) => {
    const words = ["none.png", "a.png", "empty"];
    const { files, problems } = await findFiles(
      words.map((word) => `${folder}/${word}`),
      photos,
    );
    assertEquals(files.map(({ name }) => name), ["a.png"]);
    assertEquals(problems, [
      `There is no "${folder}/none.png".`,
      `Folder "${folder}/empty" holds no photos.`,
    ]);
  });
});

Deno.test("another folder that is a file is refused by its name", async () => {
  await withFiles(["a/b.png"], async (folder) => {
    const found = await findFiles([`${folder}/a`], photos);
    assertThrows(
      () => planFiles(found, ".onecode", `${folder}/a/b.png`),
      UserError,
      `--out must be a folder, but "${folder}/a/b.png" is a file.`,
    );
  });
});

Deno.test("no file takes the place of a folder, even by force", async () => {
  await withFiles(["a.onecode/b", "c.onecode"], async (folder) => {
    for (const force of [false, true]) {
      await assertRejects(
        () => checkFree(`${folder}/a.onecode`, force),
        UserError,
        "is a folder.",
      );
    }
    await checkFree(`${folder}/c.onecode`, true);
  });
});

Deno.test("a pipe in a folder is named and not read, and so is a name that is not text", async () => {
  await withFiles(["a.png"], async (folder) => {
    const make = `mkfifo pipe.png; ln -s pipe.png link.png; ` +
      `ln -s /dev/null null.png; : > "$(printf 'bad\\377.png')"`;
    await new Deno.Command("sh", { args: ["-c", make], cwd: folder }).output();
    const { files, problems } = await findFiles([folder], photos);
    assertEquals(files.map(({ name }) => name), ["a.png"]);
    const expected = ["link.png", "null.png", "pipe.png"].map((name) =>
      `"${folder}/${name}" could not be opened: it is not a file.`
    );
    // A Mac's file system takes no such names.
    const bad = `"${folder}/bad\ufffd.png" could not be opened: ` +
      "its name is not UTF-8.";
    const rest = problems.filter((problem) => problem !== bad);
    assertEquals(rest.toSorted(), expected);
    assertEquals(problems.includes(bad), Deno.build.os === "linux");
  });
});
