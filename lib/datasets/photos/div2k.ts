/**
 * DIV2K, the photo set of the write-up: 1000 photos of 2K resolution.
 *
 * Its photos are for academic research only, and their authors keep their
 * rights, so each user downloads them and nobody redistributes them.
 *
 * Only the small versions of its test photos are public. Therefore the 100
 * published validation photos are split: odd numbers validate, even numbers
 * test, 50 each. The 800 train photos train.
 *
 * @see Agustsson and Timofte, "NTIRE 2017 Challenge on Single Image
 * Super-Resolution: Dataset and Study", CVPR Workshops 2017,
 * https://data.vision.ee.ethz.ch/cvl/DIV2K/
 * @module
 */
import { atomicWrite } from "@/files/atomic_write.ts";
import { dataPath } from "@/files/data_path.ts";
import { takeFileLock } from "@/files/file_lock.ts";
import { systemReason } from "@/files/system_error.ts";
import { asWriteError, DatasetError } from "./dataset_error.ts";
import { downloadFile, type DownloadOptions } from "./download.ts";
import {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type Split,
} from "./photo_set.ts";
import { type UnpackedFile, unpackPhotos } from "./unpack.ts";

/** One archive of a set. */
export interface Archive {
  /** The file at the base URL. */
  readonly file: string;
  /** Its length. */
  readonly bytes: number;
  /** Its checksum, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** The address of the archives. */
const div2kUrl = "https://data.vision.ee.ethz.ch/cvl/DIV2K/";

/** The terms of use, in one sentence. */
export const div2kTerms =
  "DIV2K is for academic research only; its photos belong to their authors.";

/** The high-resolution photos, from which all pairs are cut. */
export const div2kArchives: readonly Archive[] = [
  {
    file: "DIV2K_train_HR.zip",
    bytes: 3_530_603_713,
    sha256: "9d0b9c463f6e35b6c62cc6a930ee2224f670b34c1df841a57670f9acf0f6c335",
  },
  {
    file: "DIV2K_valid_HR.zip",
    bytes: 448_993_893,
    sha256: "20dd31fd84d777bc1cf5d6b7654a3f569c0aec74458ae094122ad1d0489900fc",
  },
];

/**
 * The same photos at half the size, scaled by bicubic interpolation. They are
 * for comparison with published results of super-resolution; pairs do not need
 * them, since both of their images are cut from the high-resolution photos and
 * scaled by Lanczos.
 */
export const div2kSmallArchives: readonly Archive[] = [
  {
    file: "DIV2K_train_LR_bicubic_X2.zip",
    bytes: 925_390_592,
    sha256: "a53a424317575838dadce4bcd97cf7b744d6855f43740ed5f0245af3cf4bd850",
  },
  {
    file: "DIV2K_valid_LR_bicubic_X2.zip",
    bytes: 117_763_600,
    sha256: "60eed9875c697df51204aa579e2a699e1d5215095788a097ff54dd17e2664d57",
  },
];

/** Choices of {@linkcode fetchArchives}. */
export interface FetchOptions extends DownloadOptions {
  /** The address that file names are appended to; DIV2K's own by default. */
  readonly url?: string;
  /** The archives; the high-resolution ones of DIV2K by default. */
  readonly archives?: readonly Archive[];
  /** Receives the photos; `data/downloads/div2k` by default. */
  readonly folder?: string;
}

/**
 * Downloads archives of photos, unpacks them and removes them. An interrupted
 * call is resumed by calling again: what is finished is not repeated. An archive
 * that was put into the folder by hand is verified and used.
 *
 * @param options What to fetch, from where, and where to.
 * @throws {DatasetError} If a download fails, an archive is not the right one,
 * or the disk is full.
 * @example
 * ```ts
 * import { fetchArchives } from "@/datasets/mod.ts";
 *
 * const folder = await Deno.makeTempDir();
 * await fetchArchives({ folder, archives: [] });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function fetchArchives(options: FetchOptions = {}): Promise<void> {
  const {
    url = div2kUrl,
    archives = div2kArchives,
    folder = dataPath("downloads/div2k"),
  } = options;
  try {
    await Deno.mkdir(folder, { recursive: true });
    using _lock = await takeFileLock(`${folder}/.lock`, options);
    for (const archive of archives) {
      await fetchArchive(archive, url, folder, options);
    }
  } catch (error) {
    throw asWriteError(error, folder);
  }
}

async function fetchArchive(
  archive: Archive,
  url: string,
  folder: string,
  options: FetchOptions,
): Promise<void> {
  const list = listPath(folder, archive);
  const path = `${folder}/${archive.file}`;
  const listed = await readList(list);
  if (listed && !await findDamaged(folder, listed)) return;
  await downloadFile({ ...archive, url: url + archive.file, path }, options);
  const files = await unpackPhotos(path, folder, options);
  await atomicWrite(list, JSON.stringify(files));
  await Deno.remove(path);
}

/**
 * Opens DIV2K after it has been fetched.
 *
 * @param folder The folder that it was fetched into.
 * @param archives The archives that hold the photos.
 * @returns The set: 800 train, 50 valid, 50 test.
 * @throws {DatasetError} If it has not been fetched completely, or photos have
 * been lost since.
 * @example
 * ```ts
 * import { DatasetError, openDiv2k } from "@/datasets/mod.ts";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(
 *   () => openDiv2k("no/such/folder"),
 *   DatasetError,
 *   "deno task data div2k",
 * );
 * ```
 */
export async function openDiv2k(
  folder: string = dataPath("downloads/div2k"),
  archives: readonly Archive[] = div2kArchives,
): Promise<PhotoSet> {
  const photos: Photo[] = [];
  for (const archive of archives) {
    const files = await readList(listPath(folder, archive));
    if (files === undefined) {
      throw new DatasetError(
        `Photo set "div2k" is not complete in "${folder}"; ` +
          `run deno task data div2k.`,
      );
    }
    const damaged = await findDamaged(folder, files);
    if (damaged !== undefined) {
      throw new DatasetError(
        `Photo "${damaged}" of div2k is missing or cut off; ` +
          `run deno task data div2k.`,
      );
    }
    for (const { file, sha256 } of files) {
      const path = `${folder}/${file}`;
      const name = file.replace(/^.*\//, "").replace(/\.[^.]+$/, "");
      photos.push({ name, path, split: splitOf(archive, name), sha256 });
    }
  }
  return makePhotoSet("div2k", photos);
}

function splitOf(archive: Archive, name: string): Split {
  if (archive.file.includes("train")) return "train";
  return Number(name) % 2 === 1 ? "valid" : "test";
}

/** The path of the first photo that is missing or cut off. */
async function findDamaged(
  folder: string,
  files: readonly UnpackedFile[],
): Promise<string | undefined> {
  for (const { file, bytes } of files) {
    const path = `${folder}/${file}`;
    const size = await Deno.stat(path).then((s) => s.size, () => undefined);
    if (size !== bytes) return path;
  }
  return undefined;
}

/** The list that is written when an archive has been unpacked completely. */
function listPath(folder: string, { file }: Archive): string {
  return `${folder}/${file.replace(/\.zip$/, "")}.json`;
}

async function readList(path: string): Promise<UnpackedFile[] | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new DatasetError(
      `"${path}" could not be read: ${systemReason(error)}.`,
    );
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new DatasetError(`"${path}" is damaged; remove it and fetch again.`);
  }
}
