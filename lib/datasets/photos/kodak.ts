/**
 * The Kodak photos: 24 uncompressed scans that papers on image compression
 * have reported on since the 1990s. All of them are test photos.
 *
 * @see https://r0k.us/graphics/kodak/
 * @module
 */
import { ImageError, readImage } from "@/images/mod.ts";
import { dataPath } from "@/files/data_path.ts";
import { countProgress } from "@/files/progress.ts";
import { sha256File } from "@/files/sha256.ts";
import { systemReason } from "@/files/system_error.ts";
import { asWriteError, DatasetError } from "./dataset_error.ts";
import { downloadFile, type DownloadOptions } from "./download.ts";
import { makePhotoSet, type Photo, type PhotoSet } from "./photo_set.ts";

/** The address of the photos. */
const kodakUrl = "https://r0k.us/graphics/kodak/kodak/";

/** `kodim01.png` to `kodim24.png`. */
export const kodakFiles: readonly string[] = Array.from(
  { length: 24 },
  (_, i) => `kodim${String(i + 1).padStart(2, "0")}.png`,
);

/** Choices of {@linkcode fetchKodak}. */
export interface FetchKodakOptions extends DownloadOptions {
  /** The address that file names are appended to. */
  readonly url?: string;
  /** Receives the photos; `data/downloads/kodak` by default. */
  readonly folder?: string;
}

/**
 * Downloads the photos that are missing. No checksums of them are published,
 * so each is decoded and must measure 768 by 512 pixels, upright or not.
 *
 * @param options From where, and where to.
 * @throws {DatasetError} If a download fails or is no such photo.
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
    throw asWriteError(error, folder);
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
 * @param folder The folder that they were fetched into.
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
      throw new DatasetError(
        error instanceof Deno.errors.NotFound
          ? `Photo set "kodak" is not complete in "${folder}": "${file}" is ` +
            `missing; run deno task data kodak.`
          : `Photo "${path}" could not be read: ${systemReason(error)}.`,
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
      `Image "${path}" measures ${size}, not 768 by 512 as all Kodak photos.`,
    );
  }
}
