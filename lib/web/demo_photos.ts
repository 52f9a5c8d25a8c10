/**
 * The list of the demo's photos, `demo/photos.json` of the site.
 *
 * @module
 */

/** A file beside the list. */
export interface DemoFile {
  /** Path relative to the list. */
  readonly path: string;
  /** Size of the file. */
  readonly bytes: number;
}

/** A photo at a quality. */
export interface DemoQuality {
  /** Quality of ours, 1..100. */
  readonly quality: number;
  /** Our one file. */
  readonly ours: DemoFile;
  /** Files of other codecs of about the same size. */
  readonly others: readonly (DemoFile & { readonly name: string })[];
}

/** A photo of the demo. */
export interface DemoPhoto {
  /** Name for readers. */
  readonly name: string;
  /** A sentence with author and licence. */
  readonly credit: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** The photo without loss. */
  readonly original: DemoFile;
  /** In the order of rising quality. */
  readonly qualities: readonly DemoQuality[];
}

/** The list. */
export interface DemoPhotos {
  /** Id of the model that encoded our files, hexadecimal. */
  readonly model: string;
  /** At least one. */
  readonly photos: readonly DemoPhoto[];
}

/**
 * The name of the file of weights beside the list, and beside scripts that
 * decode. It says which weights they are, so that caches may keep it.
 *
 * @param model The model's id, hexadecimal.
 * @returns Such as `weights-59404e199caf7b55.safetensors`.
 */
export function weightsName(model: string): string {
  return `weights-${model}.safetensors`;
}

/** A photo of the gallery. */
export interface GalleryPhoto {
  /** Name for readers. */
  readonly name: string;
  /** A sentence with author and licence. */
  readonly credit: string;
  /** Width in pixels. */
  readonly width: number;
  /** Height in pixels. */
  readonly height: number;
  /** Where our thumbnail and medium image end, in bytes. */
  readonly prefixes: readonly [thumbnail: number, medium: number];
  /** Our one file. */
  readonly ours: DemoFile;
  /** Two files, as good as ours at both sizes. */
  readonly avif: { readonly medium: DemoFile; readonly high: DemoFile };
}

/** The list of the gallery's photos, `demo/gallery/photos.json` of the site. */
export interface GalleryPhotos {
  /** Id of the model that encoded our files, hexadecimal. */
  readonly model: string;
  /** Quality of our files, 1..100. */
  readonly quality: number;
  /** At least one. */
  readonly photos: readonly GalleryPhoto[];
}
