/**
 * The sections of the write-up: settings in, result out.
 *
 * @module
 */
import { ablation } from "./ablation_32x32.ts";
import { attemptedFixes } from "./attempted_fixes.ts";
import { data } from "./data.ts";
import { featureCapture } from "./feature_capture.ts";
import { highTraining } from "./high_training.ts";
import { mediumTraining } from "./medium_training.ts";
import type { Section } from "./section.ts";
import { superResolution } from "./super_resolution.ts";
import { vae } from "./vae.ts";

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
} from "./ablation_32x32.ts";
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
} from "./ablation_32x32_carry_over.ts";
export {
  type AblationKind,
  ablationKinds,
  ablationTitle,
  type AblationWay,
  ablationWays,
} from "./ablation_32x32_names.ts";
export type {
  AblationNetworks,
  AblationSize,
} from "./ablation_32x32_networks.ts";
export type {
  AblationCapture,
  AblationFound,
  AblationRow,
  AblationRunSettings,
} from "./ablation_32x32_runs.ts";
export {
  ablationCaptureTable,
  ablationFloorTable,
  ablationTable,
  denseTable,
} from "./ablation_32x32_table.ts";
export {
  attemptedFixes,
  type AttemptedFixesMetrics,
  type AttemptedFixesSettings,
} from "./attempted_fixes.ts";
export { fixesTable, oneCodeTable } from "./attempted_fixes_table.ts";
export {
  type AutoencoderMetrics,
  type ModelRow,
} from "./autoencoder_section.ts";
export { type BaselineRow } from "./baseline_table.ts";
export {
  data,
  type DataMetrics,
  type DataSettings,
  type SplitSummary,
} from "./data.ts";
export {
  describeMachine,
  describeVersions,
  type Machine,
  type Versions,
} from "./environment.ts";
export {
  type CaptureRow,
  featureCapture,
  type FeatureCaptureMetrics,
  type FeatureCaptureSettings,
} from "./feature_capture.ts";
export { type FigureFile, writeFigures } from "./figure_files.ts";
export { highTraining } from "./high_training.ts";
export { mediumTraining } from "./medium_training.ts";
export {
  type Published,
  readPublished,
  type SectionResults,
} from "./published.ts";
export { qualityTable } from "./quality_table.ts";
export { type Quality } from "./reconstruct.ts";
export {
  readResult,
  RESULT_FILE,
  ResultError,
  writeResult,
} from "./result_file.ts";
export type {
  DatasetSummary,
  Figure,
  Profile,
  RunRecord,
  Section,
  SectionContext,
  SectionControls,
  SectionName,
  SectionResult,
} from "./section.ts";
export {
  type EnlargedRow,
  superResolution,
  type SuperResolutionMetrics,
} from "./super_resolution.ts";
export {
  type EnlargingName,
  enlargingTitle,
} from "./super_resolution_names.ts";
export {
  type EnlargedFound,
  type SuperResolutionSettings,
} from "./super_resolution_runs.ts";
export { enlargedTable, enlargingCostTable } from "./super_resolution_table.ts";
export type * from "./codec_result_types.ts";
export type { EnlargedQuality } from "./measure_enlarged.ts";
export type { EnlargerSettings } from "./super_resolution_photos.ts";
export type { ShownSettings } from "./super_resolution_strips.ts";
export type { EnlargeSettings } from "./super_resolution_networks.ts";
export type { EnlargerTraining } from "./train_enlarger.ts";
export type { AutoencoderSettings, NetworkKind } from "./trained_model.ts";
export type { CodeRelation } from "./read_through_map.ts";
export type { FloorRow } from "./pca_floor.ts";
export type { CodeScores } from "./measure_codes.ts";
export type { ConvPairSettings } from "./conv_pair.ts";
export { type FixName, fixTitle } from "./fix_names.ts";
export type { FixFound, FixRow, FixSettings } from "./fix_runs.ts";
export type { FixFloorRow } from "./neighbourhood_floor.ts";
export type {
  AloneScores,
  OneCodeFound,
  OneCodeSettings,
} from "./one_code_runs.ts";
export type { PairTraining } from "./train_pair.ts";
export { vae, type VaeMetrics, type VaeSettings } from "./vae.ts";
export { type CodeRate } from "./measure_vae.ts";
export { type VaeNetworkSettings } from "./train_vae.ts";
export {
  betaTitle,
  type VaeCapture,
  type VaeNetworkRow,
  type VaeRow,
} from "./vae_rows.ts";
export { type VaeRunSettings } from "./vae_runs.ts";
export { vaeCaptureTable, vaeQualityTable } from "./vae_tables.ts";
