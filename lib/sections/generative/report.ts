/**
 * What the notebook on super-resolution says in numbers of networks that make
 * detail up.
 *
 * @module
 */

import { apart, count, countOf, decibels } from "@/experiment/number_words.ts";
import type {
  GenerativeMetrics,
  GenerativeResult,
  GenerativeWay,
  StoredWay,
} from "./types.ts";

/**
 * Says how the distance between sets of patches is measured, and how exact it
 * is.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeDistance(
  { metrics: { noise, otherPhotos }, settings: { perception }, dataset }:
    GenerativeResult,
): string {
  const scale = otherPhotos === null
    ? ""
    : ` For scale: the first half of the test photos and the second half, which
show other things, are ${otherPhotos.toFixed(2)} apart.`;
  return `Patches of ${perception.patch} × ${perception.patch} pixels of the
${dataset.counts.test} test photos are compared over ${perception.splits} random
splits. Originals against themselves give ${signed(noise.distance)} with a
deviation of ${noise.spread.toFixed(4)}: below about
${(2 * noise.spread).toFixed(4)} a set cannot be told from originals.${scale}`;
}

/**
 * Reads the plane of perception and distortion.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describePlane(metrics: GenerativeMetrics): string {
  const way = ways(metrics);
  const [lanczos, ours, made, drawn] = ([
    "Lanczos",
    "least error",
    "adversarial",
    "drawn",
  ] as const).map(way);
  const fraction = (row: typeof ours) =>
    (row!.patches.distance / ours!.patches.distance).toFixed(2);
  return `- **Lanczos interpolation**: ${
    decibels(lanczos!.psnrDb)
  }, at a distance of
${lanczos!.patches.distance.toFixed(4)} from originals.
- **The least squared error** is ${apart(ours!.psnrDb - lanczos!.psnrDb)} it, at
${ours!.patches.distance.toFixed(4)}.
- **The adversarial network** is ${apart(made!.psnrDb - ours!.psnrDb)} the least
squared error, at ${made!.patches.distance.toFixed(4)}: ${fraction(made)} times
the distance.
- **One draw** is ${
    apart(drawn!.psnrDb - ours!.psnrDb)
  } the least squared error,
at ${drawn!.patches.distance.toFixed(4)}: ${
    fraction(drawn)
  } times the distance.`;
}

/**
 * Describes adversarial training: how much seeds differ, and how it fails.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeAdversarial(
  { metrics: { adversarial, unstable }, settings }: GenerativeResult,
): string {
  const range = (values: readonly number[], digits: number) =>
    `${Math.min(...values).toFixed(digits)} to ` +
    `${Math.max(...values).toFixed(digits)}`;
  const { discriminator, training } = settings.adversarial;
  const told = adversarial.map(({ toldApart }) => 100 * toldApart);
  const ended = unstable.quality === null
    ? `diverged at step ${count(unstable.divergedAt!)}`
    : `ended at ${decibels(unstable.quality.psnrDb)}, with a sharpness of
${unstable.quality.sharpness.toFixed(2)} and a distance of
${unstable.quality.patches.distance.toFixed(4)}`;
  return `The critic has ${discriminator.width} channels; ${training.epochs} epochs
from the network of the least squared error. Over ${
    countOf(adversarial.length, "seed")
  },
PSNR is ${range(adversarial.map(({ psnrDb }) => psnrDb), 2)} dB and the distance
of patches ${
    range(adversarial.map(({ patches }) => patches.distance), 4)
  }. In the end the critic gives the real place the higher score in
${range(told, 0)} % of all places; 50 % would be guessing. The same training
without kernels divided by their norm, without the two terms that tie the image
to the original, and with a rate of ${settings.unstable.training.schedule.peak}
instead of ${training.schedule.peak}, ${ended}.`;
}

/**
 * Describes draws: their errors, their mean, and what their deviation tells.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeDrawing(
  { metrics, settings: { sampling } }: GenerativeResult,
): string {
  const { draws } = metrics;
  const ours = ways(metrics)("least error");
  const most = draws.meanDb.at(-1)!;
  return `A draw takes ${sampling.steps} steps. A single draw is
${apart(draws.singleDb - ours.psnrDb)} the least squared error. If draws were
exactly as likely as originals are, that would be 3.01 dB: original and draw
would be equally far from the mean, and independent. The mean of ${most.draws}
draws is ${apart(most.psnrDb - ours.psnrDb)} the least squared error. Scaled
down, a draw is the medium image again, at
${decibels(draws.drawn.scaledDownDb)}. The correlation between the deviation of
draws and the error of their mean, pixel by pixel, is
${draws.correlation.toFixed(2)}.`;
}

/**
 * Compares files whose second layer is made up with others of as many bytes.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeStored(
  { stored }: GenerativeMetrics,
): string {
  const qualities = [...new Set(stored.rows.map(({ quality }) => quality))];
  const lines = qualities.toSorted((a, b) => a - b).map((quality) => {
    const of = (way: StoredWay) =>
      stored.rows.find((row) => row.way === way && row.quality === quality);
    const once = of("least error, trained on files")!;
    const adversarial = of("adversarial")!;
    const drawn = of("one draw, trained on files")!;
    const [own, avif] = [of("its own layers"), of("AVIF")];
    const qualities = own === undefined || avif === undefined
      ? `neither the codec nor AVIF has a
file that is so small. The least error reaches ${decibels(once.psnrDb)}, the
adversarial network ${decibels(adversarial.psnrDb)}, one draw
${decibels(drawn.psnrDb)}.`
      : `the least error
is ${apart(once.psnrDb - own.psnrDb)} the codec with all its layers and
${apart(once.psnrDb - avif.psnrDb)} AVIF. The adversarial network is
${apart(adversarial.psnrDb - own.psnrDb)} the codec, one draw
${apart(drawn.psnrDb - own.psnrDb)} it.`;
    const distances = [
      `${adversarial.distance.toFixed(3)} adversarial`,
      `${drawn.distance.toFixed(3)} one draw`,
      ...own ? [`${own.distance.toFixed(3)} the codec`] : [],
      ...avif ? [`${avif.distance.toFixed(3)} AVIF`] : [],
    ].join(", ");
    return `- **${once.bitsPerPixel.toFixed(3)} bits per pixel**: ${qualities}
Distances from originals: ${distances}.`;
  });
  return lines.join("\n");
}

/**
 * Sums up what making detail up gains and costs.
 *
 * @param metrics Of the section.
 * @returns Plain text.
 */
export function summarizeGenerative(metrics: GenerativeMetrics): string {
  const way = ways(metrics);
  const once = way("least error");
  const lost = (name: GenerativeWay) =>
    decibels(once.psnrDb - way(name).psnrDb);
  const distance = (name: GenerativeWay) =>
    way(name).patches.distance.toFixed(3);
  return `The least error reaches ${decibels(once.psnrDb)}, Lanczos ` +
    `${decibels(way("Lanczos").psnrDb)}. Networks that make detail up lose ` +
    `${lost("adversarial")} (adversarial) and ${lost("drawn")} (drawn); the ` +
    `distance of their patches from originals is ${distance("adversarial")} ` +
    `and ${distance("drawn")}, that of the least error ` +
    `${distance("least error")}.`;
}

/** With its sign, which is the point of an estimate around zero. */
function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(4)}`;
}

function ways(metrics: GenerativeMetrics) {
  return (name: GenerativeWay) => metrics.ways.find(({ way }) => way === name)!;
}
