/**
 * How good a picture is, and how much one codec saves over another.
 *
 * Pure arithmetic on 8-bit RGB: nothing here needs a file, a native library or
 * an API that only Deno has, so it also runs in a browser.
 *
 * @module
 */
export * from "./bd_rate.ts";
export * from "./haar_psi.ts";
export * from "./kernel_distance.ts";
export * from "./ms_ssim.ts";
export * from "./patch_features.ts";
export * from "./psnr.ts";
export * from "./rate_point.ts";
export * from "./statistics.ts";
