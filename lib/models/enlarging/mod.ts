/**
 * From the medium image to the high one: interpolation, a network trained for
 * the least error, and networks that make up the detail that is missing.
 *
 * @module
 */
export * from "./detail_sampler.ts";
export { doubleSize, type Interpolation } from "./double_size.ts";
export * from "./draw_detail.ts";
export * from "./enlarge_photo.ts";
export * from "./enlarging_weights.ts";
export * from "./halve_size.ts";
export * from "./patch_discriminator.ts";
export * from "./super_resolution.ts";
