/**
 * The figures of *vae*, drawn without TensorFlow.
 *
 * @module
 */

import {
  barChart,
  type Chart,
  lossChart,
  photoGrid,
  rateChart,
} from "@/charts/mod.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/types.ts";
import type { RunRecord } from "@/training/records.ts";
import type { VaeMetrics, VaeSettings } from "./mod.ts";
import {
  betaTitle,
  DRAWN_IMAGES,
  type RowPhotos,
  rowStrip,
  type VaeRow,
  vaeRunName,
} from "./rows.ts";

type Result = SectionResult<VaeSettings, VaeMetrics>;

/**
 * Pixels of a figure a pixel of a medium image. There are many rows: the
 * figures of one notebook have to stay below a megabyte together.
 */
const SCALES = { own: 0.65, other: 0.5, made: 0.4 };

/** Photos, rates, feature capture, losses in parts, and drawn images. */
export async function vaeFigures(
  { settings, history, metrics: { rows, examples } }: Result,
  folder: string,
): Promise<Figure[]> {
  const variational = rows.filter(({ beta }) => beta !== null);
  const [first, last] = [examples[0], examples.at(-1)];
  const original = await readStrip(`${folder}/original.webp`);
  const grid = async (
    title: string,
    rows: readonly (readonly [string, VaeRow, RowPhotos])[],
    scale: number,
  ) =>
    await photoGrid({
      title,
      columns: examples,
      rows: [
        { label: "Original", photos: original },
        ...await Promise.all(rows.map(async ([label, { beta }, photos]) => ({
          label,
          photos: await readStrip(`${folder}/${rowStrip(beta, photos)}`),
        }))),
      ],
      scale,
      format: "jpeg",
    });
  const each = (photos: RowPhotos) => (row: VaeRow) =>
    [betaTitle(row.beta), row, photos] as const;
  return [
    {
      name: "medium_photos",
      alt: "Test photos over reconstructions of the medium networks, " +
        "plain and with each weight of the prior",
      photos: await grid(
        "Medium images, each network's own code",
        rows.map(each("own")),
        SCALES.own,
      ),
    },
    {
      name: "high_photos",
      alt: "Test photos over reconstructions of the high networks, " +
        "scaled down, plain and with each weight of the prior",
      photos: await grid(
        "High images, each network's own code, scaled down",
        rows.map(each("scaled_down")),
        SCALES.other,
      ),
    },
    ...(["medium", "high"] as const).flatMap((size) =>
      (["reconstruction", "kl"] as const).map((part) => ({
        name: `${size}_${part}`,
        chart: partChart(size, part, settings, history),
      }))
    ),
    { name: "rate", chart: rateDistortion(variational) },
    { name: "capture", chart: captureChart(rows) },
    {
      name: "capture_photos",
      alt: "Test photos over what the medium decoder makes of the high code, " +
        "as it is and after a linear map, for each weight of the prior",
      photos: await grid(
        "Medium images from the high code",
        rows.flatMap((row) =>
          [
            [`${betaTitle(row.beta)},\nas it is`, row, "as_is"],
            [`${betaTitle(row.beta)},\nlinear map`, row, "mapped"],
          ] as const
        ),
        SCALES.other,
      ),
    },
    {
      name: "drawn",
      alt: "Images decoded from codes drawn from the prior, medium and high",
      photos: await photoGrid({
        title: "Codes drawn from the prior",
        columns: ["medium", "high"]
          .flatMap((size) => Array<string>(DRAWN_IMAGES).fill(size)),
        rows: await Promise.all(variational.map(async ({ beta }) => ({
          label: betaTitle(beta),
          photos: [
            ...await readStrip(`${folder}/${rowStrip(beta, "medium_drawn")}`),
            ...await readStrip(`${folder}/${rowStrip(beta, "high_drawn")}`),
          ],
        }))),
        scale: SCALES.made,
        format: "jpeg",
      }),
    },
    {
      name: "walks",
      alt: `Walks between the codes of ${first} and ${last}`,
      photos: await photoGrid({
        title: `From ${first} to ${last}, on a straight line`,
        rows: await Promise.all(
          (["medium", "high"] as const).flatMap((size) =>
            variational.map(async ({ beta }) => ({
              label: `${betaTitle(beta)},\n${size}`,
              photos: await readStrip(
                `${folder}/${rowStrip(beta, `${size}_walk`)}`,
              ),
            }))
          ),
        ),
        scale: SCALES.made,
        format: "jpeg",
      }),
    },
  ];
}

function partChart(
  size: "medium" | "high",
  part: "reconstruction" | "kl",
  { betas }: VaeSettings,
  history: readonly RunRecord[],
): Chart {
  return lossChart({
    title: part === "kl"
      ? `Distance of the ${size} codes from the prior`
      : `Errors of the ${size} networks`,
    label: part === "kl"
      ? "KL (nats for each number of the image)"
      : "Mean squared error",
    runs: betas.map((beta) => ({
      name: betaTitle(beta),
      history: history
        .filter(({ run }) => run === vaeRunName(size, beta))
        .map((record) => {
          const loss = record.parts?.[part] ?? null;
          const { step } = record;
          return record.kind === "step"
            ? { kind: record.kind, step, loss }
            : { kind: record.kind, step, epoch: record.epoch, validLoss: loss };
        }),
    })),
  });
}

function rateDistortion(rows: readonly VaeRow[]): Chart {
  return rateChart({
    title: "What a drawn code costs, and what comes out of it",
    subtitle: "Rate: distance from the prior; not the size of a file",
    points: (["medium", "high"] as const).flatMap((size) =>
      rows.flatMap(({ [size]: { rate } }) =>
        rate === null ? [] : [{
          codec: `${size} images`,
          bpp: rate.klBitsPerPixel,
          psnrDb: rate.sampledDb,
        }]
      )
    ),
  });
}

function captureChart(rows: readonly VaeRow[]): Chart {
  return barChart({
    title: "The medium image, five ways",
    label: "PSNR (dB)",
    digits: 1,
    bars: rows.flatMap(({ beta, medium, capture }) => {
      const bar = (way: string, decibels: number) => ({
        name: `${betaTitle(beta)}: ${way}`,
        values: [decibels],
      });
      return [
        bar("own code", medium.psnrDb),
        bar("high, scaled", capture.highScaledDownDb),
        bar("high code as is", capture.asIsDb),
        bar("channels matched", capture.afterMatchingDb),
        bar("linear map", capture.afterLinearMapDb),
      ];
    }),
  });
}
