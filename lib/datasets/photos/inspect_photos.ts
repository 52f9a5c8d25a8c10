/**
 * Which files of a folder are whole photos, remembered from one time to the
 * next.
 *
 * Only decoding tells whether a photo is whole, and a folder may hold thousands.
 * So what was found is kept under `data/cache`, and a file whose size and time
 * of change are as before is not read again.
 *
 * @module
 */
import { decodeImage, ImageError } from "@/images/mod.ts";
import { dataPath } from "@/files/disk.ts";
import { countProgress, type OnDataProgress } from "@/datasets/progress.ts";
import { sha256Hex } from "@/files/sha256.ts";

/** What was found out about a file. */
export interface InspectedFile {
  /** Its path below the folder. */
  readonly name: string;
  /** The checksum of its bytes; empty if it cannot be read. */
  readonly sha256: string;
  /** The shorter side of the photo in pixels; 0 if it is none. */
  readonly shorterSide: number;
  /** Why it is no photo; empty if it is one. */
  readonly reason: string;
}

/** How {@linkcode inspectPhotos} works. */
export interface InspectOptions {
  /** Told how many files are done. */
  readonly onProgress?: OnDataProgress | undefined;
  /** Stops it. */
  readonly signal?: AbortSignal | undefined;
  /** Remembers what was found; `data/cache` by default. */
  readonly cacheFolder?: string | undefined;
}

/** What is remembered of a file. */
interface Known extends InspectedFile {
  readonly size: number;
  readonly changed: number;
}

/** Raise it whenever other files would count as photos. */
const version = 1;

/**
 * Decodes files to see whether they are whole photos.
 *
 * @param folder Their folder.
 * @param names Their paths below it.
 * @param options How.
 * @returns What was found, in the order of the names.
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
  const found = new Map<string, Known>();
  const queue = names.values();
  const count = countProgress("Looking at photos", names.length, onProgress);
  const worker = async () => {
    for (const name of queue) {
      signal?.throwIfAborted();
      found.set(name, await inspect(folder, name, known.get(name)));
      count(found.size);
    }
  };
  await Promise.all(
    Array.from({ length: navigator.hardwareConcurrency }, worker),
  );
  const files = names.map((name) => found.get(name)!);
  if (files.some((file) => file !== known.get(file.name))) {
    await remember(path, files);
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
      const { width, height } = await decodeImage(bytes);
      return { ...file, shorterSide: Math.min(width, height) };
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      return { ...file, reason: error.message };
    }
  } catch (error) {
    return { ...none, reason: `cannot be read: ${(error as Error).message}` };
  }
}

/** A memory that is missing or damaged is an empty one. */
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

/** Only saves time; a disk that cannot take it is no reason to stop. */
async function remember(path: string, files: readonly Known[]): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(temporary, JSON.stringify({ version, files }));
    await Deno.rename(temporary, path);
  } catch {
    await Deno.remove(temporary).catch(() => {});
  }
}
