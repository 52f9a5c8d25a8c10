/**
 * The sections of the write-up: settings in, result out.
 *
 * @module
 */
import { ablation } from "@/sections/ablation_32x32/mod.ts";
import { attemptedFixes } from "@/sections/attempted_fixes/mod.ts";
import { data } from "@/sections/data/mod.ts";
import { featureCapture } from "@/sections/feature_capture/mod.ts";
import { highTraining } from "@/sections/autoencoders/mod.ts";
import { mediumTraining } from "@/sections/autoencoders/mod.ts";
import type { Section } from "@/experiment/types.ts";
import { superResolution } from "@/sections/super_resolution/mod.ts";
import { vae } from "@/sections/vae/mod.ts";

/** All sections, in the write-up's order. */
export const sections: readonly Section[] = [
  data as Section,
  mediumTraining as Section,
  highTraining as Section,
  featureCapture as Section,
  attemptedFixes as Section,
  vae as Section,
  ablation as Section,
  superResolution as Section,
];

export {
  ablation,
  type AblationFloor,
  type AblationMetrics,
  type AblationSettings,
  type DenseRow,
  type FloorKind,
} from "@/sections/ablation_32x32/mod.ts";
export {
  carriesOver,
  carryOverTable,
  fullParts,
  type Parts,
  rankCorrelation,
  remedies,
  type Remedy,
  remedyTitle,
  smallParts,
} from "@/sections/ablation_32x32/carry_over.ts";
export {
  type AblationKind,
  ablationKinds,
  ablationTitle,
  type AblationWay,
  ablationWays,
} from "@/sections/ablation_32x32/names.ts";
export type {
  AblationNetworks,
  AblationSize,
} from "@/sections/ablation_32x32/networks.ts";
export type {
  AblationCapture,
  AblationFound,
  AblationRow,
  AblationRunSettings,
} from "@/sections/ablation_32x32/runs.ts";
export {
  ablationCaptureTable,
  ablationFloorTable,
  ablationTable,
  denseTable,
} from "@/sections/ablation_32x32/tables.ts";
export {
  attemptedFixes,
  type AttemptedFixesMetrics,
  type AttemptedFixesSettings,
} from "@/sections/attempted_fixes/mod.ts";
export { fixesTable, oneCodeTable } from "@/sections/attempted_fixes/tables.ts";
export type {
  AutoencoderMetrics,
  ModelRow,
} from "@/sections/autoencoders/types.ts";
export type { BaselineRow } from "@/sections/autoencoders/types.ts";
export { data } from "@/sections/data/mod.ts";
export type {
  DataMetrics,
  DataSettings,
  SplitSummary,
} from "@/sections/data/types.ts";
export {
  describeMachine,
  describeVersions,
  type Machine,
  type Versions,
} from "@/experiment/environment.ts";
export { featureCapture } from "@/sections/feature_capture/mod.ts";
export type {
  CaptureRow,
  FeatureCaptureMetrics,
  FeatureCaptureSettings,
} from "@/sections/feature_capture/types.ts";
export { type FigureFile, writeFigures } from "@/experiment/results.ts";
export { highTraining } from "@/sections/autoencoders/mod.ts";
export { mediumTraining } from "@/sections/autoencoders/mod.ts";
export {
  type Published,
  readPublished,
  type SectionResults,
} from "./published.ts";
export { qualityTable } from "@/sections/autoencoders/tables.ts";
export type { Quality } from "@/experiment/measure.ts";
export {
  readResult,
  RESULT_FILE,
  ResultError,
  writeResult,
} from "@/experiment/results.ts";
export type {
  DatasetSummary,
  Figure,
  Profile,
  Section,
  SectionContext,
  SectionControls,
  SectionName,
  SectionResult,
} from "@/experiment/types.ts";
export type { RunRecord } from "@/training/records.ts";
export {
  type EnlargedRow,
  superResolution,
  type SuperResolutionMetrics,
} from "@/sections/super_resolution/mod.ts";
export {
  type EnlargingName,
  enlargingTitle,
} from "@/sections/super_resolution/names.ts";
export {
  type EnlargedFound,
  type SuperResolutionSettings,
} from "@/sections/super_resolution/runs.ts";
export {
  enlargedTable,
  enlargingCostTable,
} from "@/sections/super_resolution/tables.ts";
export type * from "@/evaluation/types.ts";
export type { EnlargedQuality } from "@/sections/super_resolution/measure.ts";
export type { EnlargerSettings } from "@/sections/super_resolution/photos.ts";
export type { ShownSettings } from "@/sections/super_resolution/strips.ts";
export type { EnlargeSettings } from "@/sections/super_resolution/networks.ts";
export type { EnlargerTraining } from "@/sections/super_resolution/train.ts";
export type {
  AutoencoderSettings,
  NetworkKind,
} from "@/sections/autoencoders/types.ts";
export type { CodeRelation } from "@/experiment/linear_maps.ts";
export type { FloorRow } from "@/sections/feature_capture/types.ts";
export type { CodeScores } from "@/experiment/measure.ts";
export type { ConvPairSettings } from "@/sections/attempted_fixes/conv_pair.ts";
export { type FixName, fixTitle } from "@/sections/attempted_fixes/names.ts";
export type {
  FixFound,
  FixRow,
  FixSettings,
} from "@/sections/attempted_fixes/fix_runs.ts";
export type { FixFloorRow } from "@/sections/attempted_fixes/neighbourhood_floor.ts";
export type {
  AloneScores,
  OneCodeFound,
  OneCodeSettings,
} from "@/sections/attempted_fixes/one_code_runs.ts";
export type { PairTraining } from "@/sections/attempted_fixes/train_pair.ts";
export { vae, type VaeMetrics, type VaeSettings } from "@/sections/vae/mod.ts";
export { type CodeRate } from "@/sections/vae/measure.ts";
export { type VaeNetworkSettings } from "@/sections/vae/train.ts";
export {
  betaTitle,
  type VaeCapture,
  type VaeNetworkRow,
  type VaeRow,
} from "@/sections/vae/rows.ts";
export { type VaeRunSettings } from "@/sections/vae/runs.ts";
export { vaeCaptureTable, vaeQualityTable } from "@/sections/vae/tables.ts";
