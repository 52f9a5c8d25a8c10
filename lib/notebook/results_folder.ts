/**
 * Where results are, whatever folder a notebook runs in.
 *
 * @module
 */
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? ".", "../..");

/** The published results, which are in the repository. */
export const publishedFolder: string = join(root, "results");

/** Results of runs in a notebook, which Git ignores. */
export const notebookFolder: string = join(root, ".cache", "notebook");
