import { assertEquals } from "@std/assert";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  endKernels,
  makeRunnerFolder,
  processesOf,
} from "@/tasks/notebooks/kernel_processes.ts";
import { withFolder } from "../_notebook.ts";

/** A process whose command line names a file of `folder`. */
async function processIn(folder: string): Promise<Deno.ChildProcess> {
  const script = `${folder}/wait.ts`;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(script, "setInterval(() => {}, 1000);");
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-config", script],
    stdout: "null",
    stderr: "null",
  }).spawn();
  // For a moment a process has no command line yet.
  for (let tries = 0; tries < 10_000; tries++) {
    if ((await processesOf(folder)).length > 0) return child;
    await sleep(1);
  }
  throw new Error(`No process names a file of ${folder}.`);
}

Deno.test("endKernels ends the processes of a folder and removes it", () =>
  withFolder(async (parent) => {
    const folder = `${parent}/runner`;
    const child = await processIn(folder);
    assertEquals(await processesOf(folder), [child.pid]);
    await endKernels(folder);
    assertEquals((await child.status).signal, "SIGKILL");
    assertEquals(await processesOf(folder), []);
    assertEquals(existsSync(folder), false);
  }));

Deno.test("makeRunnerFolder ends what a killed runner left, nothing else", () =>
  withFolder(async (parent) => {
    const dead = await processIn(`${parent}/999999999-x`);
    const alive = `${parent}/${Deno.pid}-y`;
    await Deno.mkdir(alive);
    const folder = await makeRunnerFolder(parent);
    assertEquals((await dead.status).signal, "SIGKILL");
    assertEquals(existsSync(`${parent}/999999999-x`), false);
    assertEquals(existsSync(alive), true);
    assertEquals(existsSync(folder), true);
  }));
