/**
 * Runs in the reader's browser: replaces the picture of each chart by a live
 * one, with values under the pointer, shortly before it comes into view. If
 * anything fails, the picture stays.
 *
 * @module
 */
/// <reference lib="dom" />
import vegaEmbed, { type VisualizationSpec } from "vega-embed";
import type { Chart } from "@/charts/chart.ts";
import { narrowChart } from "./narrow/narrow_chart.ts";

/** Its types are those of a CommonJS module, but browsers get the ES module. */
const embed = vegaEmbed as unknown as typeof vegaEmbed.default;

/** A chart of the page. */
interface Place {
  /** Its `data-live` is the width that the live chart was drawn for. */
  readonly figure: HTMLElement;
  readonly picture: HTMLElement;
  readonly still: Element;
  readonly chart: Chart;
  width: number;
  finalize: () => void;
}

const places = new Map<HTMLElement, Place>();

function open(figure: HTMLElement): Place {
  const picture = figure.querySelector<HTMLElement>(".chart-picture .scroll")!;
  const json = figure.querySelector('script[type="application/json"]')!;
  return {
    figure,
    picture,
    still: picture.querySelector("svg")!,
    chart: JSON.parse(json.textContent ?? "") as Chart,
    width: 0,
    finalize: () => {},
  };
}

/** Draws aside and swaps, so that the page does not jump. */
async function draw(place: Place): Promise<void> {
  const width = place.picture.clientWidth;
  if (width === place.width) return;
  place.width = width;
  const natural = Number(place.still.getAttribute("width"));
  const spec = {
    ...narrowChart(place.chart, natural, width),
    background: "transparent",
  };
  const aside = document.createElement("div");
  const { finalize } = await embed(
    aside,
    spec as unknown as VisualizationSpec,
    {
      actions: false,
      logLevel: 1, // errors only
      ast: true, // no eval: works under a strict content security policy
      renderer: "svg",
      tooltip: { theme: "site" },
    },
  );
  if (place.width !== width) return finalize(); // the screen changed meanwhile
  const live = aside.querySelector("svg")!;
  live.setAttribute("role", "img");
  live.setAttribute("aria-label", place.still.getAttribute("aria-label") ?? "");
  // As in the picture, the alt text stands for the marks.
  live.querySelector("g")?.setAttribute("aria-hidden", "true");
  for (const name of ["role", "aria-label", "aria-roledescription"]) {
    aside.removeAttribute(name);
  }
  place.finalize();
  place.finalize = finalize;
  place.picture.replaceChildren(aside);
  place.figure.dataset["live"] = `${width}`;
}

function show(figure: HTMLElement): void {
  const place = places.get(figure) ?? open(figure);
  places.set(figure, place);
  draw(place).catch((error) => {
    place.picture.replaceChildren(place.still);
    console.warn(error);
  });
}

const nearby = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    show(target as HTMLElement);
  }
}, { rootMargin: "400px" });

document.querySelectorAll("figure.chart").forEach((figure) =>
  nearby.observe(figure)
);

let waiting: ReturnType<typeof setTimeout> | undefined;
addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => [...places.keys()].forEach(show), 200);
});
