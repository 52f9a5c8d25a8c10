/**
 * The figures of *cdn_cache*, drawn without TensorFlow.
 *
 * @module
 */
import {
  barChart,
  type Chart,
  chart,
  ink,
  palette,
  pointShapes,
} from "@/charts/mod.ts";
import type { Figures } from "@/experiment/types.ts";
import {
  type CdnCacheResult,
  clientBytesEach,
  EDGE_WAYS,
  hitShare,
  originBytesEach,
  type SimulatedCache,
} from "./types.ts";

/**
 * Hits and bytes from the origin over the size of the cache, and bytes to
 * clients.
 *
 * @param result The section's result.
 * @returns The figures by name.
 */
export function cdnCacheFigures(
  { metrics, settings }: CdnCacheResult,
): Figures {
  const { sizes } = metrics;
  const compared = sizes.filter(({ share }) =>
    share === settings.comparedShare
  );
  return {
    hits: () => ({
      chart: sizeChart(
        "Requests that the cache answers alone",
        "Hits (% of requests)",
        sizes,
        ({ counts }) => 100 * hitShare(counts),
      ),
    }),
    origin: () => ({
      chart: sizeChart(
        "Bytes from the origin",
        "Bytes from the origin per request",
        sizes,
        ({ counts }) => originBytesEach(counts),
      ),
    }),
    clients: () => ({
      chart: barChart({
        title: "Bytes to clients",
        label: "Bytes to clients per request",
        digits: 0,
        bars: compared.map(({ way, counts }) => ({
          name: EDGE_WAYS[way].name,
          values: [clientBytesEach(counts)],
        })),
      }),
    }),
  };
}

/** Area of a point in square pixels. */
const POINT = 60;

/** A curve for each way over the size of the cache, ours filled. */
function sizeChart(
  title: string,
  label: string,
  sizes: readonly SimulatedCache[],
  valueOf: (simulated: SimulatedCache) => number,
): Chart {
  const names = [...new Set(sizes.map(({ way }) => EDGE_WAYS[way].name))];
  const rows = sizes.map((simulated) => ({
    way: EDGE_WAYS[simulated.way].name,
    size: Number((100 * simulated.share).toPrecision(3)),
    value: Number(valueOf(simulated).toPrecision(4)),
  }));
  const colors = palette.slice(0, names.length);
  const ours = names.filter((name) => name.startsWith("ours"));
  const byWay = (range: readonly unknown[]) => ({
    field: "way",
    type: "nominal",
    sort: null,
    scale: { domain: names, range },
    legend: { symbolSize: POINT },
  });
  const ends = names.map((name) => {
    const own = rows.filter(({ way }) => way === name);
    const [first, last] = [own[0]!, own.at(-1)!];
    return `${name}: ${first.value} at ${first.size} % to ${last.value} at ` +
      `${last.size} %`;
  });
  return chart({
    title,
    description: `${label} over the size of the cache. ${ends.join("; ")}.`,
  }, {
    data: { values: rows },
    width: 520,
    height: 340,
    encoding: {
      x: {
        field: "size",
        type: "quantitative",
        title: "Size of the cache (% of all files, two AVIF files each), " +
          "log scale",
        axis: {
          grid: true,
          format: "~g",
          values: rows.map(({ size }) => size),
        },
        scale: { type: "log", nice: false, padding: 12 },
      },
      y: {
        field: "value",
        type: "quantitative",
        title: label,
        scale: { zero: true },
      },
      color: byWay(colors),
    },
    layer: [
      {
        mark: { type: "line", tooltip: false },
        encoding: {
          strokeWidth: {
            condition: { test: { field: "way", oneOf: ours }, value: 2.5 },
            value: 1.25,
          },
        },
      },
      {
        mark: { type: "point", size: POINT, opacity: 1, tooltip: true },
        encoding: {
          shape: byWay(pointShapes.slice(0, names.length)),
          fill: byWay(
            names.map((name, i) => ours.includes(name) ? colors[i] : ink.paper),
          ),
        },
      },
    ],
  });
}
