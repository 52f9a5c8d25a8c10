/**
 * Photos that an origin serves: the `.onecode` files of a folder.
 *
 * @module
 */
import { join } from "node:path";
import { isClip } from "@/codec/format/clip_header.ts";
import { MAX_HEADER_BYTES, parseHeader } from "@/codec/format/header.ts";
import { UserError } from "@/errors/user_error.ts";
import { listFilesBelow } from "@/files/list_files.ts";
import type { ServedPhoto } from "./replay.ts";

/** A photo with its name in traces. */
export interface NamedPhoto extends ServedPhoto {
  /** The file's path below the folder, without `.onecode`. */
  readonly name: string;
}

/**
 * Reads where the layers of each file end.
 *
 * @param folder The folder.
 * @param problems Receives a sentence for each file that is skipped.
 * @returns The photos, sorted by name.
 * @throws {UserError} If there is none.
 */
export async function servedPhotos(
  folder: string,
  problems: string[],
): Promise<NamedPhoto[]> {
  const names = await listFilesBelow(folder, /\.onecode$/, (path) => {
    problems.push(`Skipped "${path}", which cannot be read.`);
  }).catch(() => []);
  const photos: NamedPhoto[] = [];
  for (const name of names) {
    try {
      using file = await Deno.open(join(folder, name));
      const start = new Uint8Array(MAX_HEADER_BYTES);
      const count = await file.read(start) ?? 0;
      if (isClip(start)) throw new Error("It is a clip, not a photo.");
      const header = parseHeader(start.subarray(0, count));
      const { size } = await file.stat();
      if (size !== header.fileBytes) {
        throw new Error(`It has ${size} of ${header.fileBytes} bytes.`);
      }
      photos.push({
        name: name.replace(/\.onecode$/, ""),
        path: name.split("/").map(encodeURIComponent).join("/"),
        medium: header.mediumBytes,
        high: header.fileBytes,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push(`Skipped "${join(folder, name)}": ${reason}`);
    }
  }
  if (photos.length > 0) return photos;
  const [first] = problems;
  throw new UserError(
    `There is no complete .onecode file in "${folder}": ` +
      (first === undefined
        ? "encode photos first."
        : `${first[0]!.toLowerCase()}${first.slice(1)}`),
  );
}
