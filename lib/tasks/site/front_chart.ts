/**
 * The chart of the front page: the result in one picture, as a notebook shows
 * it.
 *
 * @module
 */
import { basename } from "node:path";
import type { Chart } from "@/charts/mod.ts";
import {
  joinText,
  type MultilineText,
} from "@/tasks/notebooks/notebook_file.ts";
import { UserError } from "@/errors/user_error.ts";
import { chartFigure } from "./chart_figure.ts";
import type { PublishedNotebook } from "./front_page.ts";
import { liveChart } from "./notebook_page.ts";

/** How the title of the chart that tells the result begins, in notebook 8. */
const tellingTitle = "Bytes stored";

/** The notebooks whose first chart stands in for it, the best one first. */
const telling = ["0_overview.ipynb", "4_feature_capture.ipynb"];

/**
 * Take the chart that tells the result: what is stored for two sizes; without
 * it the first one of the overview, else that of feature capture, else the first
 * one there is.
 *
 * @returns HTML.
 * @throws {UserError} When no notebook has a chart.
 */
export function frontChart(notebooks: readonly PublishedNotebook[]): string {
  const rank = ({ path }: PublishedNotebook) => {
    const place = telling.indexOf(basename(path));
    return place < 0 ? telling.length : place;
  };
  const outputs = notebooks.toSorted((a, b) => rank(a) - rank(b))
    .flatMap(({ notebook }) => notebook.cells)
    .flatMap((cell) => cell.outputs ?? []);
  const charts = outputs.flatMap(({ data }) => data?.[liveChart] ? [data] : []);
  const isTelling = (data: typeof charts[number]) =>
    (data[liveChart] as Chart).title.text.startsWith(tellingTitle);
  const data = charts.find(isTelling) ?? charts[0];
  if (data === undefined) {
    throw new UserError(
      "The front page needs a chart, but no notebook shows one.",
    );
  }
  const svg = joinText(data["image/svg+xml"] as MultilineText);
  return chartFigure(data[liveChart] as Chart, svg, "front");
}
