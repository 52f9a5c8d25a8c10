/**
 * A section's result in a notebook: the published one at once, or one made
 * here and now.
 *
 * @module
 */
import { join } from "node:path";
import { type Published, readPublished } from "@/sections/published.ts";
import type { SectionContext, SectionName } from "@/experiment/types.ts";
import type { Progress } from "@/files/progress.ts";
import { type Display, jupyterDisplay } from "./display.ts";
import { liveTraining } from "./live_training.ts";
import { progressWords } from "./progress_html.ts";
import { notebookFolder, publishedFolder } from "./results_folder.ts";
import { stopSignal } from "./stop_signal.ts";

/** What {@link runSection} does; all may be left out. */
export interface RunSectionOptions
  extends Partial<Pick<SectionContext, "profile" | "seed" | "data" | "steps">> {
  /** Folder of all results; one that Git ignores when left out. */
  readonly out?: string;
  /** Stops the run after the step that it is at; the stop button's. */
  readonly signal?: AbortSignal;
  /** Where to show progress; outside Jupyter nowhere. */
  readonly display?: Display | undefined;
}

/**
 * Open a section's published result and draw its figures, without TensorFlow.
 *
 * @param name The section.
 * @param results Folder of all results; that of the repository when left out.
 * @throws {ResultError} When there is no result, with the command that makes
 * it.
 */
export async function openSection<Name extends SectionName>(
  name: Name,
  results: string = publishedFolder,
): Promise<Published<Name>> {
  return await readPublished(name, join(results, name));
}

/**
 * Do a section's work here and now, with a bar, a loss curve and photos below
 * the cell, then open its result. The stop button ends it after the current
 * step and saves; the same call goes on from there.
 *
 * @param name The section.
 * @param options How much work, on which photos; `quick` on `starter` when
 * left out.
 * @throws {Error} In one sentence when it was stopped.
 */
export async function runSection<Name extends SectionName>(
  name: Name,
  options: RunSectionOptions = {},
): Promise<Published<Name>> {
  const { profile = "quick", seed = 1, data = "starter", steps } = options;
  const { out = notebookFolder, signal = stopSignal() } = options;
  const display = "display" in options ? options.display : jupyterDisplay();
  const live = liveTraining({
    title: `Training of ${name.replaceAll("_", " ")}`,
    label: "Mean squared error",
    display,
  });
  const folder = join(out, name);
  let last: Progress | undefined;
  let words: string | undefined;
  // Before anything is loaded: the bar comes first, above the curve.
  live.onProgress({ phase: `Starting "${name}"`, done: 0, total: 0 });
  try {
    const { sections, writeResult } = await import("@/sections/mod.ts");
    const section = sections.find((section) => section.name === name)!;
    const result = await section.run({
      profile,
      seed,
      data,
      folder,
      ...(steps === undefined ? {} : { steps }),
      controls: {
        signal,
        onProgress: (progress) => live.onProgress(last = progress),
        onRecord: live.onHistory,
        onPhotos: live.onPhotos,
      },
    });
    await writeResult(folder, result);
    words = `${section.title}: done.`;
  } catch (error) {
    if (!signal.aborted) throw error;
    words = stoppedWords(last);
    throw quietError(words);
  } finally {
    await live.finish(words);
  }
  return await readPublished(name, folder);
}

function stoppedWords(last: Progress | undefined): string {
  const again = "Run the cell again to go on from there.";
  if (last === undefined) return `Stopped. ${again}`;
  const { phase, done, total } = last; // without speed and time left
  return `Stopped at ${progressWords({ phase, done, total })}. ${again}`;
}

/** A stack trace under a cell would bury the sentence. */
function quietError(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}
