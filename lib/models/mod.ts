/**
 * Networks, and the linear codes that they are compared with.
 *
 * @module
 */
export {
  type Autoencoder,
  decoderOf,
  type ImageDecoder,
  prefixed,
} from "./autoencoder.ts";
export {
  convAutoencoder,
  FIRST_LOG_VARIANCE,
  variationalAutoencoder,
} from "./conv_autoencoder.ts";
export {
  denseAutoencoder,
  type DenseShape,
  denseSize,
  type NetworkSize,
} from "./dense_autoencoder.ts";
export { doubleSize, type Interpolation } from "./double_size.ts";
export { imageDecoder } from "./image_decoder.ts";
export {
  applyLinearMap,
  CrossMoments,
  type LinearMap,
  neighbourhoods,
} from "./linear_map.ts";
export { matchChannels, matchingMap } from "./match_channels.ts";
export {
  lossOfKind,
  type OwnLoss,
  reconstructionLoss,
  squaredError,
} from "./own_loss.ts";
export {
  fitPatchPca,
  fromPatches,
  type PatchPca,
  pcaDecode,
  pcaEncode,
  pcaNetwork,
  toPatches,
} from "./patch_pca.ts";
export { residualAutoencoder } from "./residual_autoencoder.ts";
export { roundTo8Bits, storedBytes } from "./stored_code.ts";
export { superResolutionNetwork } from "./super_resolution.ts";
export {
  isVariational,
  klFromPrior,
  LOG_VARIANCE_BOUND,
  type Posterior,
  samplePosterior,
  vaeLoss,
  type VariationalAutoencoder,
} from "./variational.ts";
export {
  denseMiddle,
  type ImageScale,
  scaleAutoencoder,
  wrapEncoder,
} from "./wrap_autoencoder.ts";
