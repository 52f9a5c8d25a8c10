/**
 * Small photos, folders of them, and processes, for the tests of this room.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

import { encodePixels, type Pixels } from "@/images/mod.ts";
import {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type Split,
} from "@/datasets/mod.ts";
import { seededRandom } from "@/random/seeded_random.ts";
import { sha256Hex } from "@/files/sha256.ts";

/** Noise of a width and height that depends on a key alone. */
export function noisePhoto(
  width: number,
  height: number,
  key: string,
): Pixels {
  const random = seededRandom(key);
  const data = new Uint8Array(width * height * 3).map(() => random() * 256);
  return { width, height, data };
}

/** The same as a PNG file. */
export function noisePng(
  width: number,
  height: number,
  key: string,
): Promise<Uint8Array> {
  return encodePixels(noisePhoto(width, height, key), "png");
}

/** Writes PNG photos, 40 by 30 pixels, and opens them as a set. */
export async function writePhotoSet(
  folder: string,
  counts: Readonly<Record<Split, number>>,
): Promise<PhotoSet> {
  const photos: Photo[] = [];
  for (const split of ["train", "valid", "test"] as const) {
    for (let i = 0; i < counts[split]; i++) {
      const name = `${split}${i}`;
      const path = `${folder}/${name}.png`;
      const bytes = await noisePng(40, 30, name);
      await Deno.writeFile(path, bytes);
      photos.push({ name, path, split, sha256: sha256Hex(bytes) });
    }
  }
  return makePhotoSet("mine", photos);
}

/**
 * Starts code in another process.
 *
 * @returns The process, and the file of its code, to be removed after it ends.
 */
export async function startProcess(
  code: string,
): Promise<Deno.ChildProcess & { file: string }> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, code);
  const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", config, file],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  return Object.assign(child, { file });
}

/** Runs code in another process and returns what it prints. */
export async function runProcess(code: string): Promise<string> {
  const child = await startProcess(code);
  const { stdout } = await child.output();
  await Deno.remove(child.file);
  return new TextDecoder().decode(stdout);
}

/**
 * Runs code in another process and kills it, with no chance to tidy up, as soon
 * as it prints a line. Fails if it ends before that.
 */
export async function killAtFirstLine(code: string): Promise<void> {
  const child = await startProcess(code);
  const reader = child.stdout.getReader();
  const { done } = await reader.read();
  if (!done) child.kill("SIGKILL");
  await reader.cancel();
  const { signal } = await child.status;
  await Deno.remove(child.file);
  if (signal !== "SIGKILL") {
    throw new Error("The process ended before it printed a line");
  }
}

/** All files below a folder, sorted. */
export function listFiles(folder: string): string[] {
  const found: string[] = [];
  const walk = (below: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(folder + below)) {
      if (isDirectory) walk(`${below}/${name}`);
      else found.push(`${below}/${name}`.slice(1));
    }
  };
  walk("");
  return found.toSorted();
}

/**
 * Mounts a small disk in memory, does some work in it, and unmounts it. That
 * takes root.
 */
export async function withSmallDisk(
  bytes: number,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "onecode_disk_" });
  await run("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", folder]);
  try {
    await work(folder);
  } finally {
    await run("umount", [folder]);
    await Deno.remove(folder);
  }
}

/** Whether {@linkcode withSmallDisk} works here. */
export async function canMountDisk(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  try {
    await withSmallDisk(1 << 20, () => Promise.resolve());
    return true;
  } catch {
    return false; // a container without the right to mount
  }
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
