/**
 * The figures of *ablation 32x32*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart, photoGrid } from "@/charts/mod.ts";
import type { AblationMetrics, AblationSettings } from "./mod.ts";
import { type AblationKind, ablationStrip, ablationTitle } from "./names.ts";
import { readStrip } from "@/experiment/photo_strip.ts";
import type { Figure, SectionResult } from "@/experiment/types.ts";

type Result = SectionResult<AblationSettings, AblationMetrics>;

/** High images of each kind, medium ones from high codes, and each kind's ways. */
export async function ablationFigures(
  { metrics, settings: { kinds } }: Result,
  folder: string,
): Promise<Figure[]> {
  const { examples } = metrics;
  const grid = async (
    title: string,
    scale: number,
    rows: readonly (readonly [string, string])[],
  ) =>
    await photoGrid({
      title,
      columns: examples,
      scale,
      rows: await Promise.all(rows.map(async ([label, file]) => ({
        label,
        photos: await readStrip(`${folder}/${file}`),
      }))),
      format: "png",
    });
  return [
    {
      name: "photos",
      alt:
        `Test photos of 32 by 32 pixels over reconstructions of each kind of network: ${
          kinds.join(", ")
        }`,
      photos: await grid("32 × 32 pixels through each kind of network", 4, [
        ["Original", "original_high.png"],
        ...kinds.map((kind) =>
          [capital(kind), ablationStrip(kind, "none", "high")] as const
        ),
      ]),
    },
    {
      name: "from_high_photos",
      alt:
        "Medium test photos of 16 by 16 pixels over what comes of the high code: by the medium decoder as it is, after a linear map, and by a decoder that was trained jointly, for each kind of network",
      photos: await grid("16 × 16 pixels from the high code", 6, [
        ["Original", "original_medium.png"],
        ...kinds.flatMap((kind) => [
          [
            `${capital(kind)},\nas it is`,
            ablationStrip(kind, "none", "from high"),
          ] as const,
          [
            "after a linear map",
            ablationStrip(kind, "none", "mapped"),
          ] as const,
          [
            "joint training",
            ablationStrip(kind, "joint", "from high"),
          ] as const,
        ]),
      ]),
    },
    ...kinds.map((kind) => ({
      name: `ways_${kind.replaceAll(" ", "_")}`,
      chart: waysChart(kind, metrics),
    })),
  ];
}

function waysChart(
  kind: AblationKind,
  { rows, flatDb }: AblationMetrics,
): Chart {
  const mine = rows.filter((row) => row.kind === kind);
  const plain = mine.find(({ way }) => way === "none")?.runs ?? [];
  const values = {
    own: plain.flatMap(({ mediumOwnDb }) => mediumOwnDb ?? []),
    scaled: plain.map(({ highScaledDownDb }) => highScaledDownDb),
    mapped: plain.flatMap(({ capture }) => capture?.afterLinearMapDb ?? []),
  };
  return barChart({
    title: `The medium image from the high code: ${kind} networks`,
    label: "PSNR (dB)",
    bars: [
      { name: "one flat colour", values: [flatDb] },
      ...mine.map(({ way, runs }) => ({
        name: ablationTitle(way),
        values: runs.map(({ mediumFromHighDb }) => mediumFromHighDb),
      })),
      { name: "no fix: linear map of the code", values: values.mapped },
      { name: "no fix: medium, its own code", values: values.own },
      { name: "no fix: high decoded, scaled down", values: values.scaled },
    ],
  });
}

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
