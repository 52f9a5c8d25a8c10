/**
 * The names of the site's files, relative to its pages. All pages are in one
 * folder, so that every link between them is a bare name.
 *
 * @module
 */

/** Contents by path; pages refer to them by these paths. */
export type SiteFiles = Map<string, Uint8Array<ArrayBuffer> | string>;

/** The script that draws charts live. */
export const chartScript = "_static/charts.js";

/** The folder of the demo's scripts and photos. */
export const demoFolder = "demo";

/** The script of `<onecode-image>`, in the demo's folder. */
export const elementScript = "onecode-image.js";

/** The script of the demo's clip, in the demo's folder. */
export const clipScript = "clips/clip_page.js";

/** The folder of photos. */
export const photoFolder = "photos";

/** The picture that messengers show beside a link to the site. */
export const previewFile = `${photoFolder}/preview.jpg`;
