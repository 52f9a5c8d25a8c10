/**
 * What a loss chart shows, in words.
 *
 * @module
 */
import type { CurvePoint } from "./downsample.ts";
import {
  firstNotFinite,
  type LossRun,
  trainingPoints,
  validationPoints,
} from "./loss_run.ts";

/**
 * Where the first loss that is not finite came, run by run.
 *
 * @param runs The runs of a chart.
 * @returns Words, empty when every loss was finite.
 */
export function lossTroubles(runs: readonly LossRun[]): string {
  return aboutRuns(runs, (run) => {
    const step = firstNotFinite(run);
    return step === undefined ? "" : `not finite from step ${step}`;
  });
}

/**
 * The first and last losses of each run.
 *
 * @param runs The runs of a chart.
 * @returns One sentence.
 */
export function describeLosses(runs: readonly LossRun[]): string {
  const words = aboutRuns(runs, (run) => {
    const ranges = [
      range("training", trainingPoints(run)),
      range("validation", validationPoints(run)),
    ].filter(Boolean);
    return ranges.join(", ") || "no losses yet";
  });
  return words ? `${words}.` : "No runs.";
}

/** A sentence of what is said about each run; a single run goes unnamed. */
function aboutRuns(
  runs: readonly LossRun[],
  say: (run: LossRun) => string,
): string {
  const words = runs.map((run) => ({ name: run.name, text: say(run) }))
    .filter(({ text }) => text !== "");
  if (runs.length > 1) {
    return words.map(({ name, text }) => `${name}: ${text}`).join("; ");
  }
  const text = words[0]?.text ?? "";
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function range(kind: string, points: readonly CurvePoint[]): string {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return "";
  const text = (value: number) => String(Number(value.toPrecision(3)));
  return first === last
    ? `${kind} loss ${text(first.y)}`
    : `${kind} loss from ${text(first.y)} to ${text(last.y)} ` +
      `at step ${Math.round(last.x)}`;
}
