import { assertEquals } from "@std/assert";
import { takeSetupLock } from "@/tasks/setup/setup_lock.ts";

async function withFolder(run: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await run(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const unexpected = () => {
  throw new Error("There was nothing to wait for.");
};

Deno.test("takeSetupLock lets one in at a time and names the holder", () =>
  withFolder(async (folder) => {
    const path = `${folder}/lock`;
    const order: string[] = [];
    const first = await takeSetupLock(path, folder, unexpected);
    const waiting = Promise.withResolvers<number | undefined>();
    const second = takeSetupLock(path, folder, waiting.resolve)
      .then((lock) => {
        order.push("second in");
        lock[Symbol.dispose]();
      });
    assertEquals(await waiting.promise, Deno.pid);
    order.push("first out");
    first[Symbol.dispose]();
    await second;
    assertEquals(order, ["first out", "second in"]);
  }));

Deno.test("takeSetupLock passes over the lock of a dead process", () =>
  withFolder(async (folder) => {
    const path = `${folder}/lock`;
    await Deno.writeTextFile(path, '{"pid":999999999,"child":999999998}');
    (await takeSetupLock(path, folder, unexpected))[Symbol.dispose]();
    await Deno.writeTextFile(path, "torn{");
    (await takeSetupLock(path, folder, unexpected))[Symbol.dispose]();
    assertEquals(await Deno.readTextFile(path), "");
  }));

Deno.test("takeSetupLock ends the child that a killed set-up left", () =>
  withFolder(async (folder) => {
    const script = `${folder}/wait.ts`;
    await Deno.writeTextFile(
      script,
      "console.log(1); setInterval(() => {}, 1000);",
    );
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-config", script],
      stdout: "piped",
      stderr: "null",
    }).spawn();
    // Before it runs, it has the command line of this process.
    const output = child.stdout.getReader();
    await output.read();
    const path = `${folder}/lock`;
    await Deno.writeTextFile(path, JSON.stringify({ child: child.pid }));
    const lock = await takeSetupLock(path, folder, unexpected);
    const { signal } = await child.status;
    await output.cancel();
    assertEquals(signal, "SIGTERM");
    lock[Symbol.dispose]();
  }));

Deno.test("takeSetupLock spares a process that is not of this checkout", () =>
  withFolder(async (folder) => {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["eval", "setInterval(() => {}, 1000)"],
      stdout: "null",
      stderr: "null",
    }).spawn();
    try {
      const path = `${folder}/lock`;
      await Deno.writeTextFile(path, JSON.stringify({ child: child.pid }));
      (await takeSetupLock(path, folder, unexpected))[Symbol.dispose]();
    } finally {
      child.kill("SIGKILL");
      assertEquals((await child.status).signal, "SIGKILL");
    }
  }));
