/**
 * The sections of the write-up: settings in, result out.
 *
 * @module
 */

import type { Section } from "@/experiment/types.ts";
import { ablation } from "./ablation_32x32/mod.ts";
import { attemptedFixes } from "./attempted_fixes/mod.ts";
import { highTraining, mediumTraining } from "./autoencoders/mod.ts";
import { cdnCache } from "./cdn_cache/mod.ts";
import { data } from "./data/mod.ts";
import { featureCapture } from "./feature_capture/mod.ts";
import { generative } from "./generative/mod.ts";
import { superResolution } from "./super_resolution/mod.ts";
import { vae } from "./vae/mod.ts";
import { video } from "./video/mod.ts";

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
  generative as Section,
  cdnCache as Section,
  video as Section,
];
