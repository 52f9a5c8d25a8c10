/**
 * Which files of a folder are complete photos.
 *
 * A photo must be decoded to see whether it is complete, and a folder may hold
 * thousands. So the findings are kept under `data/cache`, and a file whose size
 * and time of change are as before is not read again.
 *
 * @module
 */
import { atomicWrite } from "@/files/atomic_write.ts";
import { dataPath } from "@/files/data_path.ts";
import { mapAtOnce } from "@/files/map_at_once.ts";
import { countProgress, type OnProgress } from "@/files/progress.ts";
import { sha256Hex } from "@/files/sha256.ts";
import { systemReason } from "@/files/system_error.ts";
import { decodePixels, ImageError } from "@/images/mod.ts";

/** What is known about a file. */
export interface InspectedFile {
  /** Its path below the folder. */
  readonly name: string;
  /** The checksum of its bytes; empty if it cannot be read. */
  readonly sha256: string;
  /** The shorter side of the photo in pixels; 0 if it is not a photo. */
  readonly shorterSide: number;
  /** Why it is not a photo; empty if it is one. */
  readonly reason: string;
}

/** Choices of {@linkcode inspectPhotos}. */
export interface InspectOptions {
  /** Receives the number of files that are done. */
  readonly onProgress?: OnProgress | undefined;
  /** Stops the work. */
  readonly signal?: AbortSignal | undefined;
  /** Keeps the findings; `data/cache` by default. */
  readonly cacheFolder?: string | undefined;
}

/** What is kept about a file. */
interface Known extends InspectedFile {
  readonly size: number;
  readonly changed: number;
}

/** To be raised whenever other files would count as photos. */
const version = 2;

/**
 * Decodes files to see whether they are complete photos.
 *
 * @param folder The folder of the files.
 * @param names The paths of the files below it.
 * @param options Who watches, who may stop, and where to keep the findings.
 * @returns The findings, in the order of the names.
 * @example
 * ```ts
 * import { inspectPhotos } from "./inspect_photos.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const cacheFolder = await Deno.makeTempDir();
 * const names = ["casa-mila.webp", "README.md"];
 * const files = await inspectPhotos("data/starter", names, { cacheFolder });
 * assertEquals(files.map(({ shorterSide }) => shorterSide), [1024, 0]);
 * await Deno.remove(cacheFolder, { recursive: true });
 * ```
 */
export async function inspectPhotos(
  folder: string,
  names: readonly string[],
  options: InspectOptions = {},
): Promise<InspectedFile[]> {
  const { onProgress, signal, cacheFolder = dataPath("cache") } = options;
  const root = await Deno.realPath(folder);
  const path = `${cacheFolder}/folder_${sha256Hex(root).slice(0, 16)}.json`;
  const known = await recall(path);
  const count = countProgress("Looking at photos", names.length, onProgress);
  let done = 0;
  const files = await mapAtOnce(names, async (name) => {
    signal?.throwIfAborted();
    const file = await inspect(folder, name, known.get(name));
    count(++done);
    return file;
  });
  if (files.some((file) => file !== known.get(file.name))) {
    // This only saves time, so a full disk is no reason to stop.
    await atomicWrite(path, JSON.stringify({ version, files })).catch(() => {});
  }
  return files.map(({ name, sha256, shorterSide, reason }) => ({
    name,
    sha256,
    shorterSide,
    reason,
  }));
}

async function inspect(
  folder: string,
  name: string,
  known: Known | undefined,
): Promise<Known> {
  const path = `${folder}/${name}`;
  const none = { name, sha256: "", shorterSide: 0, size: -1, changed: 0 };
  try {
    const { size, mtime } = await Deno.stat(path);
    const changed = mtime?.getTime() ?? 0;
    if (known?.size === size && known.changed === changed) return known;
    const bytes = await Deno.readFile(path);
    const sha256 = sha256Hex(bytes);
    const file = { name, sha256, shorterSide: 0, size, changed, reason: "" };
    try {
      const { width, height } = await decodePixels(bytes);
      return { ...file, shorterSide: Math.min(width, height) };
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return { ...file, reason: error.message.replace(/\.$/, "") };
    }
  } catch (error) {
    return { ...none, reason: `could not be read: ${systemReason(error)}` };
  }
}

/** The findings of an earlier call, if they can be read. */
async function recall(path: string): Promise<Map<string, Known>> {
  try {
    const memory = JSON.parse(await Deno.readTextFile(path));
    if (memory.version !== version) return new Map();
    const files: Known[] = memory.files;
    return new Map(files.map((file) => [file.name, file]));
  } catch {
    return new Map();
  }
}
