import { assertEquals, assertRejects } from "@std/assert";
import { setUp } from "@/tasks/setup.ts";
import { workspaceAt } from "@/tasks/setup/workspace.ts";
import { UserError } from "@/errors/user_error.ts";

for (const folder of [".venv", "node_modules"]) {
  Deno.test(`Set-up leaves another checkout's ${folder} alone`, async () => {
    const root = await Deno.makeTempDir();
    const other = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${other}/kept`, "of another checkout");
      await Deno.symlink(other, `${root}/${folder}`);
      await Deno.writeTextFile(`${root}/deno.lock`, "{}");
      const workspace = { ...workspaceAt(root), pins: workspaceAt().pins };
      await assertRejects(
        () => setUp(workspace),
        UserError,
        `"${root}/${folder}" is a link`,
      );
      const left = Array.from(Deno.readDirSync(other), ({ name }) => name);
      assertEquals(left, ["kept"]);
    } finally {
      await Deno.remove(root, { recursive: true });
      await Deno.remove(other, { recursive: true });
    }
  });
}
