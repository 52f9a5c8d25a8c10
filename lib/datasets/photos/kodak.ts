/**
 * The Kodak photos: 24 uncompressed scans that papers on image compression
 * report on since the 1990s. All of them are for testing.
 *
 * @see https://r0k.us/graphics/kodak/
 * @module
 */
import { ImageError, readImage } from "@/images/mod.ts";
import { DatasetError } from "@/datasets/dataset_error.ts";
import { dataPath, diskError } from "@/files/disk.ts";
import {
  downloadFile,
  type DownloadOptions,
} from "@/datasets/download/download.ts";
import { makePhotoSet, type Photo, type PhotoSet } from "./photo_set.ts";
import { countProgress } from "@/datasets/progress.ts";
import { sha256File } from "@/files/sha256.ts";

/** Where the photos are. */
export const kodakUrl = "https://r0k.us/graphics/kodak/kodak/";

/** `kodim01.png` to `kodim24.png`. */
export const kodakFiles: readonly string[] = Array.from(
  { length: 24 },
  (_, i) => `kodim${String(i + 1).padStart(2, "0")}.png`,
);

/** How {@linkcode fetchKodak} works. */
export interface FetchKodakOptions extends DownloadOptions {
  /** The address that file names are appended to. */
  readonly url?: string;
  /** Where they go; `data/downloads/kodak` by default. */
  readonly folder?: string;
}

/**
 * Downloads the photos that are not there yet. No checksums of them are
 * published, so each is decoded and must measure 768 by 512, either way up.
 *
 * @param options Where from, where to, and how.
 * @throws {DatasetError} If a download fails or gives anything else.
 * @example
 * ```ts
 * import { DatasetError, fetchKodak } from "@/datasets/mod.ts";
 * import { assertRejects } from "@std/assert";
 *
 * const server = Deno.serve(
 *   { port: 0, onListen() {} },
 *   () => new Response("gone", { status: 404 }),
 * );
 * const url = `http://localhost:${server.addr.port}/`;
 * const folder = await Deno.makeTempDir();
 * await assertRejects(() => fetchKodak({ url, folder }), DatasetError, "404");
 * await server.shutdown();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function fetchKodak(
  options: FetchKodakOptions = {},
): Promise<void> {
  const { url = kodakUrl, folder = dataPath("downloads/kodak") } = options;
  await Deno.mkdir(folder, { recursive: true }).catch((error) => {
    throw diskError(error, folder);
  });
  const count = countProgress(
    "Fetching Kodak photos",
    kodakFiles.length,
    options.onProgress,
  );
  for (const [i, file] of kodakFiles.entries()) {
    await downloadFile(
      { url: url + file, path: `${folder}/${file}`, check: checkSize },
      { ...options, onProgress: undefined },
    );
    count(i + 1);
  }
}

/**
 * Opens the Kodak photos after they have been fetched, or from any folder that
 * holds all 24.
 *
 * @param folder Where they are.
 * @returns The set: 24 test photos.
 * @throws {DatasetError} If one is missing.
 * @example
 * ```ts
 * import { DatasetError, openKodak } from "@/datasets/mod.ts";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => openKodak("no/such/folder"),
 *   DatasetError,
 *   "deno task data kodak",
 * );
 * ```
 */
export async function openKodak(
  folder: string = dataPath("downloads/kodak"),
): Promise<PhotoSet> {
  const photos = await Promise.all(kodakFiles.map(async (file) => {
    const path = `${folder}/${file}`;
    const sha256 = await sha256File(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new DatasetError(
        `Photo set "kodak" is not complete in "${folder}": "${file}" is ` +
          `missing; run deno task data kodak`,
      );
    });
    const name = file.replace(".png", "");
    return { name, path, split: "test", sha256 } satisfies Photo;
  }));
  return makePhotoSet("kodak", photos);
}

async function checkSize(path: string): Promise<void> {
  let size: string;
  try {
    const { width, height } = await readImage(path);
    size = `${Math.max(width, height)} by ${Math.min(width, height)}`;
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    throw new DatasetError(error.message);
  }
  if (size !== "768 by 512") {
    throw new DatasetError(
      `Image "${path}" measures ${size}, not 768 by 512 as all Kodak photos`,
    );
  }
}
