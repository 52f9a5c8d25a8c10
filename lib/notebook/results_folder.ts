/**
 * Where results are, whatever folder a notebook runs in.
 *
 * @module
 */
import { join } from "node:path";
import { PROJECT_ROOT } from "@/files/project_root.ts";

/** The published results, which are in the repository. */
export const publishedFolder: string = join(PROJECT_ROOT, "results");

/** Results of runs in a notebook, which Git ignores. */
export const notebookFolder: string = join(PROJECT_ROOT, ".cache", "notebook");
