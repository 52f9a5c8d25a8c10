/**
 * Networks and the linear codes that they are measured against.
 *
 * @module
 */
export {
  type Autoencoder,
  type AutoencoderSettings,
  convAutoencoder,
  latentSide,
  weightsOf,
} from "./conv_autoencoder.ts";
export { conv2d, conv2dTranspose, type LayerOptions } from "./layers.ts";
export {
  disposePca,
  fitPatchPca,
  fromPatches,
  type PatchPca,
  pcaDecode,
  pcaEncode,
  toPatches,
} from "./patch_pca.ts";
