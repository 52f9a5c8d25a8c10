/**
 * The list of the demo's photos, `demo/photos.json` of the site.
 *
 * @module
 */

/** A file beside the list. */
export interface DemoFile {
  /** Where, relative to the list. */
  readonly path: string;
  /** Of the file. */
  readonly bytes: number;
}

/** A photo at a quality. */
export interface DemoQuality {
  /** Of ours, 1..100. */
  readonly quality: number;
  /** Our one file. */
  readonly ours: DemoFile;
  /** Others of about the same bytes. */
  readonly others: readonly (DemoFile & { readonly name: string })[];
}

/** A photo. */
export interface DemoPhoto {
  /** For a reader. */
  readonly name: string;
  /** Who made it, and its licence. */
  readonly credit: string;
  /** In pixels. */
  readonly width: number;
  /** In pixels. */
  readonly height: number;
  /** Without loss. */
  readonly original: DemoFile;
  /** By rising quality. */
  readonly qualities: readonly DemoQuality[];
}

/** All of them. */
export interface DemoPhotos {
  /** Id of the model that made our files, hexadecimal. */
  readonly model: string;
  /** At least one. */
  readonly photos: readonly DemoPhoto[];
}
