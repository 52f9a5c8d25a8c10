import { dataPath } from "@/files/data_path.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { assertEquals } from "@std/assert";

/** Sets environment variables while some work is done. */
function withEnvironment(
  variables: Readonly<Record<string, string>>,
  work: () => void,
): void {
  const names = ["ONECODE_DATA", "INIT_CWD"];
  const before = names.map((name) => Deno.env.get(name));
  try {
    for (const name of names) Deno.env.delete(name);
    for (const [name, value] of Object.entries(variables)) {
      Deno.env.set(name, value);
    }
    work();
  } finally {
    names.forEach((name, i) => {
      if (before[i] === undefined) Deno.env.delete(name);
      else Deno.env.set(name, before[i]);
    });
  }
}

Deno.test("dataPath() is below the project, or where ONECODE_DATA says", () => {
  withEnvironment({ INIT_CWD: "/home/me" }, () => {
    assertEquals(dataPath("cache"), `${PROJECT_ROOT}/data/cache`);
  });
  withEnvironment({ ONECODE_DATA: "/large", INIT_CWD: "/home/me" }, () => {
    assertEquals(dataPath("cache/a"), "/large/cache/a");
    assertEquals(dataPath("starter"), `${PROJECT_ROOT}/data/starter`);
  });
  withEnvironment({ ONECODE_DATA: "../large", INIT_CWD: "/home/me" }, () => {
    assertEquals(dataPath("cache"), "/home/large/cache");
  });
  withEnvironment({ ONECODE_DATA: "large" }, () => {
    assertEquals(dataPath("cache"), `${Deno.cwd()}/large/cache`);
  });
});
