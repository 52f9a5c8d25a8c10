/**
 * The ways of *super-resolution*, each trained where it learns, and measured
 * on the test photos.
 *
 * @module
 */

import { type EnlargedQuality, measureEnlarged } from "./measure.ts";
import type { SectionData } from "@/experiment/prepare_data.ts";
import { originals, type Run } from "@/training/mod.ts";
import type { SectionContext } from "@/experiment/types.ts";
import {
  type FinishedRun,
  type GridRun,
  runGrid,
} from "@/experiment/run_grid.ts";
import { ENLARGING_WAYS, type EnlargingName, enlargingTitle } from "./names.ts";
import { enlargedPhotos, type EnlargerSettings } from "./photos.ts";
import { type ShownSettings, writeShown } from "./strips.ts";

/** What decides the runs. */
export interface SuperResolutionSettings extends EnlargerSettings {
  /** What figures show. */
  readonly shown: ShownSettings;
}

/** What a way has come to, on the test photos. */
export interface EnlargedFound extends EnlargedQuality {
  /** Weights of all that is needed to make the high image. */
  readonly parameters: number;
  /** Multiplications a pixel of it; null for interpolation. */
  readonly multiplyAdds: number | null;
}

/** A way that is finished. */
export interface FinishedWay extends FinishedRun<EnlargedFound> {
  /** Which one. */
  readonly way: EnlargingName;
}

/**
 * Does what is not finished yet of all ways.
 *
 * @param settings What decides them.
 * @param data What they are trained and measured on.
 * @param context What the section was given.
 * @returns All ways, in the order of tables.
 */
export async function runWays(
  settings: SuperResolutionSettings,
  data: SectionData,
  context: SectionContext,
): Promise<FinishedWay[]> {
  const finished: FinishedWay[] = [];
  for (const way of ENLARGING_WAYS) {
    const base = finished.find((other) => other.way === "from medium");
    const run = wayRun(way, settings, data, context, base);
    const [done] = await runGrid([run], context);
    finished.push({ ...done!, way });
  }
  return finished;
}

function wayRun(
  way: EnlargingName,
  settings: SuperResolutionSettings,
  data: SectionData,
  context: SectionContext,
  base: Run | undefined,
): GridRun<EnlargedFound> {
  const { shown } = settings;
  const { seed, steps } = context;
  return {
    name: enlargingTitle(way),
    identity: [
      wayIdentity(way, settings),
      shown,
      data.summary,
      seed,
      steps,
    ],
    work: async (run) => {
      const { photos, ...cost } = await enlargedPhotos(
        way,
        settings,
        data,
        context,
        run,
        base,
      );
      const path = (part: string) => `${run.folder}/${part}.webp`;
      await writeShown(path, photos, data, shown);
      const against = originals(data.pairs.test, "high");
      return { ...measureEnlarged(photos, against), ...cost };
    },
  };
}

/** The settings that a way depends on. */
function wayIdentity(
  way: EnlargingName,
  { high, network, training, sharper, codeDecoder }: EnlargerSettings,
): unknown[] {
  const { convolutional: _, ...own } = high;
  switch (way) {
    case "from medium":
      return [network, training];
    case "from medium, sharper":
      return [network, training, sharper];
    case "high network":
      return [own];
    case "from code":
      return [own, codeDecoder];
    case "from both":
      return [own, network, training];
    default:
      return [];
  }
}
