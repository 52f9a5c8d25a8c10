/** Small photos in a folder, and a codec of few weights to measure on them. */
import type { LoadedModel } from "@/codec/mod.ts";
import { writeImage } from "@/images/mod.ts";
import type { Contestant } from "@/evaluation/contestants.ts";
import { photosToMeasure } from "@/evaluation/photos.ts";
import type { CodecMeasurement } from "@/evaluation/rates.ts";
import { MeasurementCache } from "@/evaluation/measurement_cache.ts";
import type { Progress } from "@/files/progress.ts";
import { drawPicture, withTinyModel } from "../codec/_tiny_model.ts";

/** What a test of a measurement is given. */
export interface Toy {
  /** The tiny model. */
  readonly loaded: LoadedModel;
  /** For results. */
  readonly out: string;
  /** Qualities that were encoded, by contestant; see {@linkcode Toy.count}. */
  readonly encoded: string[];
  /** Opens what was measured before. */
  open(signal?: AbortSignal): Promise<CodecMeasurement>;
  /** A contestant of few qualities whose encoding is counted. */
  count(contestant: Contestant, qualities?: readonly number[]): Contestant;
  /** What was told. */
  readonly progress: Progress[];
}

/** Makes two photos of 64x80 and 96x64 pixels, and removes them in the end. */
export async function withToy(
  work: (toy: Toy) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir({ prefix: "onecode_test_" });
  const before = Deno.env.get("ONECODE_DATA");
  const photos = `${root}/My photos`;
  const encoded: string[] = [], progress: Progress[] = [];
  try {
    Deno.env.set("ONECODE_DATA", `${root}/data`);
    await Deno.mkdir(photos);
    await writeImage(`${photos}/a.png`, drawPicture(64, 80, "a"));
    await writeImage(`${photos}/b.png`, drawPicture(96, 64, "b"));
    await withTinyModel((loaded) =>
      work({
        loaded,
        out: `${root}/results`,
        encoded,
        progress,
        open: async (signal) => ({
          set: await photosToMeasure(photos, 48),
          model: "0123456789abcdef",
          cache: await MeasurementCache.open(`${root}/results/runs/measured`),
          controls: {
            ...(signal === undefined ? {} : { signal }),
            onProgress: (told) => progress.push(told),
          },
        }),
        count: (contestant, qualities = contestant.qualities) => ({
          ...contestant,
          qualities,
          encode: (photo, quality) => {
            // The small file of a contestant's key is not counted.
            const isKey = photo.width === 48 && photo.height === 48;
            if (!isKey) encoded.push(`${contestant.id} ${quality}`);
            return contestant.encode(photo, quality);
          },
        }),
      })
    );
  } finally {
    if (before === undefined) Deno.env.delete("ONECODE_DATA");
    else Deno.env.set("ONECODE_DATA", before);
    await Deno.remove(root, { recursive: true });
  }
}
