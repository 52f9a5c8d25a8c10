/**
 * Networks, and the linear codes that they are compared with.
 *
 * @module
 */
export * from "./autoencoder.ts";
export * from "./conv_autoencoder.ts";
export * from "./dense_autoencoder.ts";
export * from "./image_decoder.ts";
export * from "./latent_prior.ts";
export * from "./linear_map.ts";
export * from "./match_channels.ts";
export * from "./own_loss.ts";
export * from "./patch_pca.ts";
export * from "./residual_autoencoder.ts";
export * from "./sequential_vae.ts";
export * from "./stored_code.ts";
export * from "./variational.ts";
export * from "./wrap_autoencoder.ts";
