/**
 * What the site says of its clip, `demo/clip/clip.json`.
 *
 * @module
 */
import type { DemoFile } from "@/web/demo_photos.ts";

/** The clip of the demo. */
export interface DemoClip {
  /** Id of the model that encoded it, hexadecimal. */
  readonly model: string;
  /** Id of the model for clips that encoded it, hexadecimal. */
  readonly clipModel: string;
  /** What it shows, for readers. */
  readonly name: string;
  /** A sentence with author and licence. */
  readonly credit: string;
  /** Width of the high frames in pixels. */
  readonly width: number;
  /** Height of the high frames in pixels. */
  readonly height: number;
  /** Number of frames. */
  readonly frames: number;
  /** Our one file; paths are relative to this list. */
  readonly ours: DemoFile;
  /** The first frame before it was encoded, as a WebP file. */
  readonly poster: DemoFile;
}
