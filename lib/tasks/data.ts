/**
 * `deno task data [starter|div2k|kodak|FOLDER]`: fetches a photo set where it
 * has to be fetched, says what is in it, and prepares its pairs.
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
  type SkippedFile,
  splits,
} from "@/datasets/mod.ts";
import {
  interruptSignal,
  parseOptions,
  type ProgressReporter,
  progressReporter,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";

/** The lines about skipped files before the rest is only counted. */
const skippedShown = 20;

/**
 * Runs the task.
 *
 * @param args The command line.
 * @throws {UserError} If it makes no sense.
 * @throws {DatasetError} If the set cannot be fetched, opened or prepared.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task data [starter|div2k|kodak|FOLDER]",
    description: "Fetches a photo set, counts it and prepares its pairs.",
    options: {
      all: {
        type: "boolean",
        help: "div2k: also fetch its bicubic half-size photos, which nothing " +
          "here needs: pairs are scaled by Lanczos from the large ones",
      },
      "high-size": {
        type: "number",
        help: "side of the high images, even",
        default: 344,
        min: 2,
        integer: true,
      },
      pairs: {
        type: "number",
        help: "pairs cut from the train photos",
        default: 800,
        min: 0,
        integer: true,
      },
      seed: {
        type: "number",
        help: "decides where they are cut",
        default: 1,
        integer: true,
      },
    },
    words: "starter|div2k|kodak|FOLDER",
  }, args);
  const [name = "starter", another] = words;
  if (another !== undefined) {
    throw new UserError(`One photo set at a time, not also "${another}"`);
  }
  const report = progressReporter();
  const signal = interruptSignal();
  try {
    await fetchSet(name, options.all, report, signal);
    const set = await openPhotoSet(name, {
      minSide: options["high-size"],
      onProgress: report,
      signal,
    });
    const settings = {
      highSize: options["high-size"],
      trainPairs: name === "kodak" ? 0 : options.pairs,
      seed: options.seed,
    };
    const pairs = await preparePairs(set, settings, {
      onProgress: report,
      signal,
    });
    report.end();
    console.log(describe(set, settings, pairs));
  } finally {
    report.end();
  }
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
    throw new UserError(`Option --all belongs to div2k, not to "${name}"`);
  } else if (name === "kodak") {
    await fetchKodak({ onProgress, signal });
  }
}

/** What the user gets to read. */
function describe(
  set: PhotoSet,
  settings: PairSettings,
  pairs: PreparedPairs,
): string {
  const { highSize } = settings;
  const rows = splits.map((split) => {
    const photos = set.photos.filter((photo) => photo.split === split).length;
    return [split, photos, pairs[split].count].map(String);
  });
  const table = [["split", "photos", "pairs"], ...rows].map(
    ([split = "", photos = "", count = ""]) =>
      `  ${split.padEnd(6)}${photos.padStart(8)}${count.padStart(8)}`,
  );
  return [
    `Photo set "${set.name}"`,
    ...table,
    `A pair is ${highSize} by ${highSize} and ${highSize / 2} by ` +
    `${highSize / 2} pixels`,
    `Kept in ${dataPath("cache")}/${pairFingerprint(set, settings)}`,
    ...describeSkipped(pairs.skipped),
  ].join("\n");
}

function describeSkipped(skipped: readonly SkippedFile[]): string[] {
  const lines = skipped.slice(0, skippedShown)
    .map(({ file, reason }) => `  ${file}: ${reason}`);
  const more = skipped.length - lines.length;
  return [
    `Skipped: ${skipped.length}`,
    ...lines,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

if (import.meta.main) await runTask(main);
