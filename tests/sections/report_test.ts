/** What the notebooks say in numbers, of the published results. */
import type { Table } from "@/charts/mod.ts";
import { tableMarkdown } from "@/charts/mod.ts";
import { readResult } from "@/experiment/results.ts";
import { describeRun } from "@/experiment/report.ts";
import type { SectionName } from "@/experiment/types.ts";
import * as ablation from "@/sections/ablation_32x32/report.ts";
import * as fixes from "@/sections/attempted_fixes/report.ts";
import * as autoencoders from "@/sections/autoencoders/report.ts";
import * as cdnCache from "@/sections/cdn_cache/report.ts";
import * as cdnTables from "@/sections/cdn_cache/tables.ts";
import * as data from "@/sections/data/report.ts";
import * as capture from "@/sections/feature_capture/report.ts";
import * as overview from "@/sections/overview/report.ts";
import * as making from "@/sections/generative/report.ts";
import * as madeTables from "@/sections/generative/tables.ts";
import type { SectionResults } from "@/sections/published.ts";
import * as enlarging from "@/sections/super_resolution/report.ts";
import * as vae from "@/sections/vae/report.ts";
import * as clipReport from "@/sections/video/clip_report.ts";
import * as video from "@/sections/video/report.ts";
import * as videoTables from "@/sections/video/tables.ts";
import { assertExpected } from "../expected.ts";

async function read<Name extends SectionName>(
  name: Name,
): Promise<SectionResults[Name]> {
  return await readResult(`results/${name}`) as SectionResults[Name];
}

const results = {
  data: await read("data"),
  medium: await read("medium_training"),
  high: await read("high_training"),
  capture: await read("feature_capture"),
  fixes: await read("attempted_fixes"),
  vae: await read("vae"),
  small: await read("ablation_32x32"),
  larger: await read("super_resolution"),
  made: await read("generative"),
  cached: await read("cdn_cache"),
  video: await read("video"),
};

/** Everything that a notebook says, in its order. */
function said(name: string, parts: (string | Table)[]): void {
  Deno.test(`the notebook ${name} says what its results say`, async () => {
    const texts = parts.map((part) =>
      typeof part === "string" ? part : tableMarkdown(part)
    );
    await assertExpected(`reports/${name}.md`, texts.join("\n\n") + "\n");
  });
}

said("0_overview", [
  overview.describeData(results),
  overview.summarizeOneCode(results),
  overview.claims(results),
  overview.storedFileTable(results),
  overview.describeAvif(results),
]);

said("1_data", [
  data.splitsTable(results.data),
  data.describeSplits(results.data.metrics),
  data.channelsTable(results.data.metrics),
  data.describeChannels(results.data.metrics),
]);

for (const size of ["medium", "high"] as const) {
  const result = results[size];
  said(`${size === "medium" ? 2 : 3}_${size}_training`, [
    describeRun(result, autoencoders.describeEpochs(result.settings)),
    autoencoders.describeCodeSize(result),
    autoencoders.describeLosses(result),
    autoencoders.compareWithComponents(result.metrics),
    autoencoders.compareWithCodecs(result.metrics),
    autoencoders.sizesTable(results.high.metrics, results.medium.metrics),
    autoencoders.compareSizes(results.high.metrics, results.medium.metrics),
  ]);
}

const captured = results.capture.metrics;
said("4_feature_capture", [
  capture.describeAsIs(captured),
  capture.compareWithBlank(captured, results.data.metrics),
  capture.describeTrainedOn(results.capture),
  capture.relationTable(captured),
  capture.describeRepair(results.capture),
  capture.describeTwins(captured, results.data.metrics),
  capture.floorsTable(captured),
  capture.describeFloors(results.capture),
]);

const fixed = results.fixes.metrics;
said("5_attempted_fixes", [
  fixes.describeFixTraining(results.fixes.settings),
  fixes.describeFixes(fixed),
  fixes.describeWorkingFixes(fixed),
  fixes.goalsTable(fixed),
  fixes.frontierTable(fixed),
  fixes.describeFrontier(fixed),
  fixes.fixFloorsTable(fixed),
  fixes.compareFixWithFloor(fixed, results.fixes.settings),
]);

said("6_vae", [
  vae.describeBetas(results.vae.settings),
  vae.lossPartsTable(results.vae),
  vae.compareWithPlain(results.vae.metrics),
  vae.describeActiveChannels(results.vae.metrics),
  vae.describeGaps(results.vae.metrics),
  vae.describeMatching(results.vae.metrics),
  vae.describeAnswer(results.vae.metrics),
]);

const { small } = results;
said("7_ablation_32x32", [
  ablation.describeSmallRuns(small.settings),
  ablation.encodersTable(small.settings),
  ablation.describeSmallCode(small.settings),
  ablation.compareKindsWithFloor(small),
  ablation.describeMemory(small, results.medium.settings.trainPairs),
  ablation.describeCapture(small),
  ablation.describeBestFixes(small),
  ablation.describeSeeds(small),
  ablation.compareOneCode(small),
  ablation.bothSizesTable(small, captured, fixed),
  ablation.describeCarryOver(small, captured, fixed),
  ablation.describeDifferences(small, fixed),
]);

const { larger } = results;
said("9_super_resolution", [
  enlarging.compareWithInterpolation(larger),
  enlarging.describeLibvips(larger.metrics),
  enlarging.describeSharper(larger),
  enlarging.describeLargerDecoder(larger.metrics),
  enlarging.describeBoth(larger.metrics),
  enlarging.describeConclusion(larger.metrics),
]);

const { made } = results;
said("9_generative", [
  making.describePlane(made.metrics),
  making.describeDistance(made),
  madeTables.generativeTable(made.metrics),
  making.describeAdversarial(made),
  madeTables.adversarialTable(made.metrics),
  making.describeDrawing(made),
  madeTables.drawsTable(made.metrics),
  madeTables.deviationTable(made.metrics),
  making.describeStored(made.metrics),
  madeTables.storedTable(made.metrics),
]);

const { cached } = results;
said("10_cdn_cache", [
  cdnCache.describeSimulation(cached),
  cdnTables.wayBytesTable(cached.metrics),
  cdnCache.compareWithTwoFiles(cached),
  cdnTables.comparedTable(cached),
  cdnCache.compareForms(cached),
  cdnCache.compareWithRivals(cached),
  cdnCache.describeResizing(cached),
  cdnTables.tracesTable(cached),
  cdnCache.describeTraces(cached),
  cdnTables.policiesTable(cached),
  cdnCache.describePolicies(cached),
  cdnTables.costTable(cached, {
    requestsPerDay: 1e9,
    originGigabyte: 0.02,
    clientGigabyte: 0.01,
    coreHour: 0.04,
  }),
  cdnTables.timesTable(cached.metrics),
  cdnCache.describePetabyte(cached),
  cdnCache.concludeCdnCache(cached),
]);

const clips = results.video.metrics;
const clipFiles = await clipReport.readClips();
said("11_video", [
  video.describeVideo(results.video),
  video.paperClaims(clips),
  videoTables.variantsTable(clips),
  video.describeGlobalCode(clips),
  video.describePriorMemory(clips),
  video.compareWithVideoCodecs(clips, "specialised"),
  video.compareWithVideoCodecs(clips, "general"),
  videoTables.rivalsTable(clips),
  clipReport.describeClips(clipFiles),
  clipReport.clipsTable(clipFiles),
  clipReport.clipRivalsTable(clipFiles),
  ...clips.contents.map(videoTables.networksTable),
]);
