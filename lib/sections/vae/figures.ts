/**
 * The figures of *vae*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart, lossChart, rateChart } from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Drawing, Figures } from "@/experiment/types.ts";
import type { RunRecord } from "@/training/records.ts";
import {
  betaTitle,
  DRAWN_IMAGES,
  type RowPhotos,
  rowStrip,
  type VaeResult,
  type VaeRow,
  vaeRunName,
} from "./types.ts";

const sizes = ["medium", "high"] as const;
type Size = typeof sizes[number];

/**
 * Pixels of a figure per pixel of a medium image. There are many rows: the
 * figures of one notebook have to stay below a megabyte together.
 */
const SCALES = { own: 0.65, other: 0.5, made: 0.4 };

/**
 * Losses in their parts, reconstructions, rates, feature capture, and images
 * from sampled and interpolated codes.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function vaeFigures(
  { settings, history, metrics: { rows, examples } }: VaeResult,
  folder: string,
): Figures {
  const variational = rows.filter(({ beta }) => beta !== null);
  const [first, last] = [examples[0], examples.at(-1)];
  const grid = (
    { rows, ...options }: {
      readonly title: string;
      readonly alt: string;
      readonly scale: number;
      readonly rows: readonly (readonly [string, VaeRow, RowPhotos])[];
    },
  ): Promise<Drawing> =>
    drawStrips(folder, {
      ...options,
      columns: examples,
      rows: [
        ["Original", "original.webp"],
        ...rows.map(([label, { beta }, photos]) =>
          [label, rowStrip(beta, photos)] as const
        ),
      ],
    });
  const each = (photos: RowPhotos) => (row: VaeRow) =>
    [betaTitle(row.beta), row, photos] as const;
  const part = (size: Size, name: "reconstruction" | "kl") => () => ({
    chart: partChart(size, name, settings.betas, history),
  });
  return {
    medium_photos: () =>
      grid({
        title: "Medium images from each network's own code",
        alt: "Test photos over reconstructions of the medium networks, " +
          "plain and with each weight of the prior",
        scale: SCALES.own,
        rows: rows.map(each("own")),
      }),
    high_photos: () =>
      grid({
        title: "High images from each network's own code, scaled down",
        alt: "Test photos over reconstructions of the high networks, " +
          "scaled down, plain and with each weight of the prior",
        scale: SCALES.other,
        rows: rows.map(each("scaled_down")),
      }),
    medium_reconstruction: part("medium", "reconstruction"),
    medium_kl: part("medium", "kl"),
    high_reconstruction: part("high", "reconstruction"),
    high_kl: part("high", "kl"),
    rate: () => ({ chart: rateDistortion(variational) }),
    capture: () => ({ chart: captureChart(rows) }),
    capture_photos: () =>
      grid({
        title: "Medium images from the high code",
        alt: "Test photos over what the medium decoder makes of the high " +
          "code, unchanged and after a linear map, for each weight of the prior",
        scale: SCALES.other,
        rows: rows.flatMap((row) =>
          [
            [`${betaTitle(row.beta)},\nunchanged`, row, "as_is"],
            [`${betaTitle(row.beta)},\nlinear map`, row, "mapped"],
          ] as const
        ),
      }),
    drawn: () =>
      drawStrips(folder, {
        title: "Images decoded from samples of the prior",
        alt: "Images that the medium and the high networks decode from " +
          "samples of the prior, for each weight of the prior",
        columns: sizes.flatMap((size) => Array(DRAWN_IMAGES).fill(size)),
        rows: variational.map(({ beta }) => [
          betaTitle(beta),
          ...sizes.map((size) => rowStrip(beta, `${size}_drawn`)),
        ]),
        scale: SCALES.made,
      }),
    walks: () =>
      drawStrips(folder, {
        title: `Interpolation from ${first} to ${last}`,
        alt: `Images decoded from codes between those of ${first} and ${last}`,
        rows: sizes.flatMap((size) =>
          variational.map(({ beta }) =>
            [
              `${betaTitle(beta)},\n${size}`,
              rowStrip(beta, `${size}_walk`),
            ] as const
          )
        ),
        scale: SCALES.made,
      }),
  };
}

function partChart(
  size: Size,
  part: "reconstruction" | "kl",
  betas: readonly number[],
  history: readonly RunRecord[],
): Chart {
  return lossChart({
    title: part === "kl"
      ? `KL divergence of the ${size} codes from the prior`
      : `Reconstruction error of the ${size} networks`,
    label: part === "kl"
      ? "KL divergence (nats per value of the image)"
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
    title: "Rate and quality of sampled codes",
    subtitle: "Rate: KL divergence from the prior, not the size of a file",
    points: sizes.flatMap((size) =>
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
    title: "Five ways to the medium image",
    label: "PSNR (dB)",
    digits: 1,
    bars: rows.flatMap(({ beta, medium, capture }) => {
      const bar = (way: string, decibels: number) => ({
        name: `${betaTitle(beta)}: ${way}`,
        values: [decibels],
      });
      return [
        bar("own code", medium.psnrDb),
        bar("high, scaled down", capture.highScaledDownDb),
        bar("high code, unchanged", capture.asIsDb),
        bar("channels matched", capture.afterMatchingDb),
        bar("linear map", capture.afterLinearMapDb),
      ];
    }),
  });
}
