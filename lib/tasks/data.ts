/**
 * `deno task data [starter|div2k|kodak|FOLDER]`: downloads a photo set if
 * needed, counts its photos, and prepares its pairs.
 *
 * @module
 */
import { dataPath } from "@/files/data_path.ts";
import {
  div2kArchives,
  div2kSmallArchives,
  div2kTerms,
  fetchArchives,
  fetchKodak,
  openPhotoSet,
  pairFingerprint,
  type PairSettings,
  type PhotoSet,
  type PreparedPairs,
  preparePairs,
  splits,
} from "@/datasets/mod.ts";
import {
  interruptSignal,
  parseOptions,
  type ProgressReporter,
  progressReporter,
  runTask,
  shownPath,
  UserError,
} from "@/tasks/cli/mod.ts";
import { skippedLines } from "@/tasks/cli/skipped_files.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid.
 * @throws {DatasetError} If the set cannot be downloaded, opened or prepared.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task data [starter|div2k|kodak|FOLDER]",
    description: "Downloads a photo set, counts its photos and prepares its " +
      "pairs.",
    options: {
      all: {
        type: "boolean",
        help: "div2k: also download its bicubic half-size photos, which the " +
          "project does not use",
      },
      "high-size": {
        type: "number",
        help: "side of the high images in pixels, an even number",
        default: 344,
        min: 2,
        integer: true,
      },
      pairs: {
        type: "number",
        help: "number of pairs to cut from the train photos",
        default: 800,
        min: 0,
        integer: true,
      },
      seed: {
        type: "number",
        help: "seed of where the pairs are cut",
        default: 1,
        integer: true,
      },
    },
    words: "starter|div2k|kodak|FOLDER",
  }, args);
  const [name = "starter", another] = words;
  if (another !== undefined) {
    throw new UserError(`Name one photo set, not "${another}" too.`);
  }
  const side = options["high-size"];
  if (side % 2 !== 0) {
    throw new UserError(`--high-size must be even, not ${side}.`);
  }
  using report = progressReporter();
  const signal = interruptSignal();
  await fetchSet(name, options.all, report, signal);
  const set = await openPhotoSet(name, {
    minSide: side,
    onProgress: report,
    signal,
  });
  const settings = {
    highSize: side,
    trainPairs: name === "kodak" ? 0 : options.pairs,
    seed: options.seed,
  };
  const pairs = await preparePairs(set, settings, {
    onProgress: report,
    signal,
  });
  report.end();
  console.log(describe(set, settings, pairs));
}

async function fetchSet(
  name: string,
  all: boolean,
  onProgress: ProgressReporter,
  signal: AbortSignal,
): Promise<void> {
  if (name === "div2k") {
    console.error(div2kTerms);
    const archives = [...div2kArchives, ...(all ? div2kSmallArchives : [])];
    await fetchArchives({ archives, onProgress, signal });
  } else if (all) {
    throw new UserError(`--all is for div2k, not for "${name}".`);
  } else if (name === "kodak") {
    await fetchKodak({ onProgress, signal });
  }
}

/** The text to print. */
function describe(
  set: PhotoSet,
  settings: PairSettings,
  pairs: PreparedPairs,
): string {
  const { highSize } = settings;
  const row = (split: string, photos: unknown, count: unknown) =>
    `  ${split.padEnd(6)}${`${photos}`.padStart(8)}${`${count}`.padStart(8)}`;
  return [
    `Photo set "${set.name}"`,
    row("split", "photos", "pairs"),
    ...splits.map((split) => {
      const photos = set.photos.filter((photo) => photo.split === split);
      return row(split, photos.length, pairs[split].count);
    }),
    `A pair is ${highSize} by ${highSize} and ${highSize / 2} by ` +
    `${highSize / 2} pixels.`,
    `Kept in ${shownPath(dataPath("cache"))}/${pairFingerprint(set, settings)}`,
    ...skippedLines(pairs.skipped),
  ].join("\n");
}

if (import.meta.main) await runTask(main);
