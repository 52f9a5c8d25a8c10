/**
 * What the notebook on super-resolution says in numbers.
 *
 * @module
 */

import { apart, count } from "@/experiment/number_words.ts";
import type {
  EnlargingName,
  SuperResolutionMetrics,
  SuperResolutionResult,
} from "./types.ts";

/** Below this difference in dB, one seed and few photos show nothing. */
const NOISE_DB = 0.1;

/**
 * Compares our network with interpolation.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function compareWithInterpolation(
  { dataset, metrics, settings: { network, training } }: SuperResolutionResult,
): string {
  const way = ways(metrics);
  const ours = way("from medium");
  const lines = (["bicubic", "Lanczos"] as const).map((name) =>
    `- **${name}**: ours is ${apart(ours.psnrDb - way(name).psnrDb)} it;
MS-SSIM ${ours.msssim.toFixed(4)} against ${way(name).msssim.toFixed(4)},
HaarPSI ${ours.haarPsi.toFixed(4)} against ${way(name).haarPsi.toFixed(4)}.`
  );
  return `The network has ${count(ours.parameters)} weights: ${network.blocks}
residual blocks, ${network.width} channels wide. In ${training.epochs} epochs it
saw a random window of each of ${count(dataset.counts.train)} pairs.

${lines.join("\n")}`;
}

/**
 * Compares the enlargement of libvips with exact bicubic interpolation.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeLibvips(metrics: SuperResolutionMetrics): string {
  const way = ways(metrics);
  return `libvips is ${apart(way("libvips").psnrDb - way("bicubic").psnrDb)}
bicubic interpolation without the shift. Everything else in this notebook is
compared with bicubic and Lanczos interpolation without a shift, both of which
are part of this project's code.`;
}

/**
 * Describes what the sharpness term changes.
 *
 * @param result Of the section.
 * @returns Markdown.
 */
export function describeSharper(
  { metrics, settings }: SuperResolutionResult,
): string {
  const way = ways(metrics);
  const [ours, sharper] = [way("from medium"), way("from medium, sharper")];
  const haarPsi = sharper.haarPsi - ours.haarPsi;
  return `_Sharper_ was trained for ${settings.sharper.epochs} more epochs. The
squared error alone raises the sharpness from
${way("Lanczos").sharpness.toFixed(3)} (Lanczos) to
${ours.sharpness.toFixed(3)}, the extra term to ${sharper.sharpness.toFixed(3)}.
The price: PSNR is ${apart(sharper.psnrDb - ours.psnrDb)} that of the plain
network, HaarPSI ${Math.abs(haarPsi).toFixed(4)}
${haarPsi < 0 ? "below" : "above"}.`;
}

/**
 * Compares a larger decoder of the code with the high network's own.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeLargerDecoder(metrics: SuperResolutionMetrics): string {
  const way = ways(metrics);
  const [own, larger] = [way("high network"), way("from code")];
  const ours = way("from medium");
  return `With ${(larger.parameters / own.parameters).toFixed(1)} times the
weights and ${(larger.multiplyAdds! / own.multiplyAdds!).toFixed(1)} times the
work, the larger decoder is ${apart(larger.psnrDb - own.psnrDb)} the high
network's own. The network that starts from the medium image is
${apart(ours.psnrDb - larger.psnrDb)} the larger decoder, with
${(ours.storedBytes / larger.storedBytes).toFixed(1)} times the bytes to work
from.`;
}

/**
 * Describes what the code adds to the medium image.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeBoth(metrics: SuperResolutionMetrics): string {
  const way = ways(metrics);
  const added = way("from both").psnrDb - way("from medium").psnrDb;
  const verdict = Math.abs(added) < NOISE_DB
    ? "With one seed and so few photos, that means nothing"
    : added > 0
    ? "The code does add something"
    : "The code only distracts";
  return `With the code beside the medium image, PSNR is ${apart(added)} that
of the network without it, for ${count(way("high network").storedBytes)} more
bytes. ${verdict}.`;
}

/**
 * Sums up what the network from the medium image achieves.
 *
 * @param metrics Of the section.
 * @returns Markdown.
 */
export function describeConclusion(metrics: SuperResolutionMetrics): string {
  const way = ways(metrics);
  const [ours, own] = [way("from medium"), way("high network")];
  const scores = ["psnrDb", "msssim", "haarPsi"] as const;
  const better = scores.filter((score) => ours[score] > way("Lanczos")[score]);
  return `From the medium image alone, a network of ${count(ours.parameters)}
weights beats Lanczos interpolation in
**${better.length} of ${scores.length}** measures, on test photos that it never
saw. The high network's image from its code, which takes
${(own.storedBytes / ours.storedBytes * 100).toFixed(0)} % of the bytes, is
${apart(own.psnrDb - ours.psnrDb)} it.`;
}

function ways(metrics: SuperResolutionMetrics) {
  return (name: EnlargingName) => metrics.ways.find(({ way }) => way === name)!;
}
