/**
 * The figures of *ablation 32x32*, drawn without TensorFlow.
 *
 * @module
 */

import { barChart, type Chart } from "@/charts/mod.ts";
import { drawStrips } from "@/experiment/figures.ts";
import type { Figures } from "@/experiment/types.ts";
import {
  type AblationKind,
  type AblationMetrics,
  type AblationResult,
  ablationStrip,
  ablationTitle,
} from "./types.ts";

/**
 * High images of each kind of network, medium ones from high codes, and each
 * kind's ways as bars.
 *
 * @param result The section's result.
 * @param folder Where the result's photos are.
 * @returns The figures by name.
 */
export function ablationFigures(
  { metrics, settings: { kinds } }: AblationResult,
  folder: string,
): Figures {
  const { examples } = metrics;
  const charts = kinds.map((kind) =>
    [
      `ways_${kind.replaceAll(" ", "_")}`,
      () => ({ chart: waysChart(kind, metrics) }),
    ] as const
  );
  return {
    photos: () =>
      drawStrips(folder, {
        title: "32 × 32 pixels, reconstructed by each kind of network",
        alt: "Test photos of 32 by 32 pixels over reconstructions of each " +
          `kind of network: ${kinds.join(", ")}`,
        columns: examples,
        rows: [
          ["Original", "original_high.png"],
          ...kinds.map((kind) =>
            [kind, ablationStrip(kind, "none", "high")] as const
          ),
        ],
        scale: 4,
        format: "png",
      }),
    from_high_photos: () =>
      drawStrips(folder, {
        title: "16 × 16 pixels from the high code",
        alt:
          "Medium test photos of 16 by 16 pixels over images decoded from the high code: by the medium decoder from the unchanged code and after a linear map, and by a decoder that was trained jointly, for each kind of network",
        columns: examples,
        rows: [
          ["Original", "original_medium.png"],
          ...kinds.flatMap((kind) =>
            [
              [
                `${kind},\nunchanged`,
                ablationStrip(kind, "none", "from high"),
              ],
              ["after a linear map", ablationStrip(kind, "none", "mapped")],
              ["joint training", ablationStrip(kind, "joint", "from high")],
            ] as const
          ),
        ],
        scale: 6,
        format: "png",
      }),
    ...Object.fromEntries(charts),
  };
}

function waysChart(
  kind: AblationKind,
  { rows, flatDb }: AblationMetrics,
): Chart {
  const mine = rows.filter((row) => row.kind === kind);
  const plain = mine.find(({ way }) => way === "none")?.runs ?? [];
  return barChart({
    title: `The medium image from the high code: ${kind} networks`,
    label: "PSNR (dB)",
    bars: [
      { name: "one flat colour", values: [flatDb] },
      ...mine.map(({ way, runs }) => ({
        name: ablationTitle(way),
        values: runs.map(({ mediumFromHighDb }) => mediumFromHighDb),
      })),
      {
        name: "no fix: linear map of the code",
        values: plain.flatMap(({ capture }) => capture?.afterLinearMapDb ?? []),
      },
      {
        name: "no fix: medium, own code",
        values: plain.flatMap(({ mediumOwnDb }) => mediumOwnDb ?? []),
      },
      {
        name: "no fix: high decoded, scaled down",
        values: plain.map(({ highScaledDownDb }) => highScaledDownDb),
      },
    ],
  });
}
