/**
 * The prefixes of a file that are its images, fetched one after the other.
 *
 * @module
 */
import {
  MAX_HEADER_BYTES,
  type ParsedHeader,
  parseHeader,
} from "@/codec/format/header.ts";
import { FetchError, type PartialFile } from "./fetch_file.ts";

/** The images of a file, each of which needs more bytes than the one before. */
export const STAGES = ["thumbnail", "medium", "high"] as const;

/** An image of a file. */
export type Stage = typeof STAGES[number];

/** Where the thumbnail and the medium image end, in bytes. */
export type Prefixes = readonly [thumbnail: number, medium: number];

/** Bytes that are asked for first if it is not known where the images end. */
const FIRST_BYTES = 1024;

/** What was fetched. */
export interface FetchedStage {
  /** What the file says of itself. */
  readonly header: ParsedHeader;
  /** The file up to the end of the image, or to its own end if that is before. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Fetches the bytes of an image that are not there yet. With `prefixes` there is
 * one request for the medium image and one for the rest; without, the header is
 * asked for first.
 *
 * @param file The file.
 * @param stage Which image.
 * @param prefixes Where the smaller images end, if that is known.
 * @returns The bytes, all of one version of the file.
 * @throws {FetchError} If the server does not send them.
 * @throws {CodecError} If they do not begin with a header.
 */
export async function fetchStage(
  file: PartialFile,
  stage: Stage,
  prefixes?: Prefixes,
): Promise<FetchedStage> {
  for (let tries = 0; tries < 5; tries++) {
    const before = file.changes();
    // No more than the medium image, so that caches see two parts alone.
    const upTo = prefixes?.[1] ?? FIRST_BYTES;
    const header = parseHeader(await file.first(MAX_HEADER_BYTES, upTo));
    const { thumbnailBytes, mediumBytes } = header;
    const ends = { thumbnail: thumbnailBytes, medium: mediumBytes };
    const bytes = await file.first(stage === "high" ? Infinity : ends[stage]);
    if (file.changes() === before) return { header, bytes };
  }
  throw new FetchError("The file changes on the server all the time.");
}
