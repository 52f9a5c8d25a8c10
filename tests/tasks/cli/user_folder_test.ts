import { shownPath } from "@/tasks/cli/user_folder.ts";
import { assertEquals } from "@std/assert";

Deno.test("paths are shown relative to the user's folder if they are below it", () => {
  const shown = (path: string) => shownPath(path, "/home/me/photos");
  assertEquals(shown("/home/me/photos/a/b.png"), "a/b.png");
  assertEquals(shown("/home/me/b.png"), "/home/me/b.png");
  assertEquals(shown("/home/me/photos"), "/home/me/photos");
});

Deno.test("a task runs in the user's folder, and so does what ONECODE_DATA names", async () => {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    const url = new URL(
      "../../../lib/tasks/cli/user_folder.ts",
      import.meta.url,
    );
    const script = `
      const { enterUserFolder } = await import("${url}");
      enterUserFolder();
      const names = ["INIT_CWD", "ONECODE_DATA"];
      console.log(JSON.stringify([Deno.cwd(), ...names.map(Deno.env.get)]));`;
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["eval", script],
      env: { INIT_CWD: folder, ONECODE_DATA: "my/data" },
    }).output();
    const [cwd, start, data] = JSON.parse(new TextDecoder().decode(stdout));
    const real = await Deno.realPath(folder);
    assertEquals([cwd, start, data], [real, null, `${real}/my/data`]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
