import { joinTests } from "@/tasks/gate/join_tests.ts";
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { withFolder } from "../../_folder.ts";

Deno.test("every test file is in one module or apart, and old modules go", async () => {
  await withFolder(async (root) => {
    const tests = join(root, "tests"), folder = join(root, "joined");
    for (const room of ["images/deep", "tasks"]) {
      await Deno.mkdir(join(tests, room), { recursive: true });
    }
    const names = ["images/deep/b_test.ts", "images/c_test.ts", "images/_d.ts"];
    for (const name of ["a_test.ts", ...names, "tasks/e_test.ts"]) {
      await Deno.writeTextFile(join(tests, name), "");
    }
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "old_test.ts"), "");
    const { joined, apart } = await joinTests(tests, folder);
    assertEquals(joined, [join(folder, "images_test.ts")]);
    assertEquals(
      await Deno.readTextFile(joined[0]!),
      'import "../tests/images/c_test.ts";\n' +
        'import "../tests/images/deep/b_test.ts";\n',
    );
    assertEquals(
      apart,
      ["a_test.ts", "tasks/e_test.ts"].map((path) => join(tests, path)),
    );
    const left = await Array.fromAsync(Deno.readDir(folder));
    assertEquals(left.map(({ name }) => name), ["images_test.ts"]);
  });
});
