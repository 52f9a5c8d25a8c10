/**
 * The unfinished file of a download, and what is kept beside it.
 *
 * @module
 */
import { statfs } from "node:fs/promises";

import { DatasetError } from "@/datasets/dataset_error.ts";
import { megabytes } from "@/files/disk.ts";

/** The length of a part; one longer than the whole is removed. */
export async function partSize(part: string, bytes?: number): Promise<number> {
  const size = await sizeOf(part) ?? 0;
  if (bytes === undefined || size <= bytes) return size;
  await removeFile(part);
  return 0;
}

/** Refuses to start what cannot fit on the disk. */
export async function requireSpace(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(path.replace(/[^/\\]*$/, "") || ".");
  const free = bavail * bsize;
  if (free >= bytes) return;
  throw new DatasetError(
    `Disk is full: "${path}" needs ${megabytes(bytes)} more, but ` +
      `${megabytes(free)} are free`,
  );
}

/** The server's name for this version of the file, kept beside the part. */
export function tagPath(part: string): string {
  return `${part}.etag`;
}

/** The tag that was kept, if any. */
export async function readTag(part: string): Promise<string | undefined> {
  return await Deno.readTextFile(tagPath(part)).catch(() => undefined);
}

/** Keeps a tag, or forgets the one before. */
export async function writeTag(
  part: string,
  tag: string | null,
): Promise<void> {
  // Only a strong tag may stand for the exact bytes (RFC 9110, 13.1.5).
  if (tag?.startsWith('"')) await Deno.writeTextFile(tagPath(part), tag);
  else await removeFile(tagPath(part));
}

/** The length of a file; nothing if there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Removes a file, if it is there. */
export async function removeFile(path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
}
