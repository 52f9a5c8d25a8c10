/**
 * A section's result in a notebook: the published one at once, or a new one.
 *
 * @module
 */
import { join } from "node:path";
import { chooseWords } from "@/errors/nearest_word.ts";
import { drawFigure } from "@/experiment/figures.ts";
import { writeResult } from "@/experiment/results.ts";
import type {
  Figure,
  SectionContext,
  SectionName,
} from "@/experiment/types.ts";
import {
  readPublished,
  sectionNames,
  type SectionResults,
} from "@/sections/published.ts";
import type { Progress } from "@/files/progress.ts";
import { type Display, jupyterDisplay } from "./display.ts";
import { liveTraining } from "./live_training.ts";
import { progressWords } from "./progress_html.ts";
import { notebookFolder, publishedFolder } from "./results_folder.ts";
import { stopSignal, stopWasNoticed } from "./stop_signal.ts";

/** A section's result in a notebook. */
export interface OpenSection<Name extends SectionName = SectionName> {
  /** What was found. */
  readonly result: SectionResults[Name];
  /**
   * Draws one of its figures, to be shown.
   *
   * @param name The figure's.
   * @throws {RangeError} If there is no figure of that name.
   */
  figure(name: string): Promise<Figure>;
}

/** Options of {@linkcode runSection}. */
export interface RunSectionOptions extends
  Partial<
    Pick<SectionContext, "profile" | "seed" | "data" | "clips" | "steps">
  > {
  /** Folder of all results; by default one that Git ignores. */
  readonly out?: string;
  /** Stops the run after its current step; by default the stop button's. */
  readonly signal?: AbortSignal;
  /** Where to show progress; outside Jupyter nowhere. */
  readonly display?: Display | undefined;
}

/**
 * Opens a section's published result, without TensorFlow.
 *
 * @param name The section.
 * @param results Folder of all results; by default that of the repository.
 * @throws {UserError} If there is no such section, with the nearest one.
 * @throws {ResultError} If there is no result; the message names the command
 * that makes it.
 */
export async function openSection<Name extends SectionName>(
  name: Name,
  results: string = publishedFolder,
): Promise<OpenSection<Name>> {
  checkName(name);
  const { result, figures } = await readPublished(name, join(results, name));
  return { result, figure: (name) => drawFigure(figures, name) };
}

/**
 * Runs a section in this notebook, with a progress bar, a loss curve and photos
 * below the cell, and opens its result. The stop button ends it after the
 * current step and saves; the same call resumes.
 *
 * @param name The section.
 * @param options How much work, and on which photos; by default `quick` on
 * `starter`.
 * @throws {Error} In one sentence, if it was stopped.
 */
export async function runSection<Name extends SectionName>(
  name: Name,
  options: RunSectionOptions = {},
): Promise<OpenSection<Name>> {
  checkName(name);
  const { profile = "quick", seed = 1, data = "starter" } = options;
  const { clips, steps } = options;
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
    const { sections } = await import("@/sections/mod.ts");
    const section = sections.find((section) => section.name === name)!;
    const result = await section.run({
      profile,
      seed,
      data,
      folder,
      ...(clips === undefined ? {} : { clips }),
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
    stopWasNoticed();
    words = stoppedWords(last);
    throw quietError(words);
  } finally {
    await live.finish(words);
  }
  return await openSection(name, out);
}

/** Types are not checked in a notebook. */
function checkName(name: string): void {
  chooseWords([name], sectionNames, "There is no section");
}

function stoppedWords(last: Progress | undefined): string {
  const again = "Run the cell again to resume.";
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
