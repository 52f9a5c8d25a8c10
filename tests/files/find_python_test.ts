import { assertEquals, assertRejects } from "@std/assert";
import { findPython, pythonVersion } from "@/files/find_python.ts";
import { UserError } from "@/errors/user_error.ts";

function installed(versions: Record<string, string>) {
  return (command: string) => Promise.resolve(versions[command]);
}

Deno.test("findPython prefers the newest Python with wheels", async () => {
  const versions = {
    "python3.11": "3.11.7",
    "python3.12": "3.12.1",
    python3: "3.14.0",
  };
  assertEquals(await findPython(undefined, installed(versions)), {
    command: "python3.12",
    version: "3.12.1",
  });
});

Deno.test("findPython falls back to python3 and python", async () => {
  const versions = { python3: "3.9.2", python: "3.10.0" };
  assertEquals((await findPython("", installed(versions))).command, "python");
});

Deno.test("findPython takes the chosen one", async () => {
  const versions = { "/opt/python": "3.10.1", "python3.13": "3.13.0" };
  assertEquals(
    (await findPython("/opt/python", installed(versions))).command,
    "/opt/python",
  );
});

Deno.test("findPython says what it has seen where none fits", async () => {
  await assertRejects(
    () => findPython(undefined, installed({})),
    UserError,
    "There is no 64-bit Python 3.10 to 3.13 on PATH: install one",
  );
  await assertRejects(
    () =>
      findPython(undefined, installed({ python3: "3.9.2", python: "2.7.18" })),
    UserError,
    'on PATH ("python3" is 3.9.2, "python" is 2.7.18)',
  );
  await assertRejects(
    () => findPython(undefined, installed({ python3: "32-bit" })),
    UserError,
    '"python3" is 32-bit',
  );
});

Deno.test("findPython refuses a chosen one that does not fit", async () => {
  await assertRejects(
    () => findPython("py", installed({ python3: "3.11.7" })),
    UserError,
    'ONECODE_PYTHON must be a 64-bit Python 3.10 to 3.13, but "py" does not run.',
  );
  await assertRejects(
    () => findPython("py", installed({ py: "3.14.0" })),
    UserError,
    'but "py" is 3.14.0.',
  );
});

Deno.test("pythonVersion does not take other programs for a Python", async () => {
  assertEquals(await pythonVersion("there-is-no-such-program"), undefined);
  assertEquals(await pythonVersion(Deno.execPath()), undefined);
});
