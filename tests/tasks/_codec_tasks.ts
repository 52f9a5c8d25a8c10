/** Photos and a small model for tests of the tasks on files. */
import { writeImage } from "@/images/mod.ts";
import { taskStatus } from "@/tasks/cli/run_task.ts";
import { fileURLToPath } from "node:url";
import { drawPicture } from "../codec/_tiny_model.ts";

/** A model of a few weights. */
export const model = fileURLToPath(
  new URL("../expected/codec/tiny_model.safetensors", import.meta.url),
);

/** How a task ended. */
export interface Run {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a task in this process, and takes what it prints. */
export async function run(
  main: (args: string[]) => Promise<number | void>,
  ...args: string[]
): Promise<Run> {
  const out: string[] = [], error: string[] = [];
  const { log, error: logError } = console;
  console.log = (text) => out.push(text);
  console.error = (text) => error.push(text);
  try {
    const status = await taskStatus(main, args, {
      print: (text) => out.push(text),
      printError: (text) => error.push(text),
      debug: false,
    });
    return { status, out: out.join("\n"), error: error.join("\n") };
  } finally {
    console.log = log;
    console.error = logError;
  }
}

/** A folder with two photos and a file that is none. */
export async function withPhotos(
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    await Deno.mkdir(`${folder}/photos/in`, { recursive: true });
    await writeImage(`${folder}/photos/a.png`, drawPicture(41, 30, "a"));
    await writeImage(`${folder}/photos/in/b.png`, drawPicture(16, 16, "b"));
    await Deno.writeTextFile(`${folder}/photos/broken.jpg`, "no photo");
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
