/**
 * Networks, and the linear codes that they are measured against.
 *
 * @module
 */
export {
  type Autoencoder,
  joinAutoencoder,
  prefixed,
  weightsOf,
} from "./autoencoder.ts";
export {
  convAutoencoder,
  type ConvAutoencoderSettings,
} from "./conv_autoencoder.ts";
export {
  denseAutoencoder,
  type DenseAutoencoderSettings,
  type DenseShape,
  denseSize,
  type NetworkSize,
} from "./dense_autoencoder.ts";
export { denseMiddle, type DenseMiddleSettings } from "./dense_middle.ts";
export { doubleSize, type Interpolation } from "./double_size.ts";
export {
  decoderOf,
  type ImageDecoder,
  imageDecoder,
  type ImageDecoderSettings,
} from "./image_decoder.ts";
export {
  conv2d,
  conv2dTranspose,
  dense,
  type DenseOptions,
  type LayerOptions,
  residualBlock,
  sum,
} from "./layers.ts";
export { applyLinearMap, CrossMoments, type LinearMap } from "./linear_map.ts";
export {
  type ChannelMatch,
  matchChannels,
  matchingMap,
} from "./match_channels.ts";
export { neighbourhoods } from "./neighbourhoods.ts";
export {
  lossOfKind,
  type OwnLoss,
  reconstructionLoss,
  squaredError,
} from "./own_loss.ts";
export {
  disposePca,
  fitPatchPca,
  fromPatches,
  type PatchPca,
  pcaDecode,
  pcaEncode,
  toPatches,
} from "./patch_pca.ts";
export {
  residualAutoencoder,
  type ResidualAutoencoderSettings,
} from "./residual_autoencoder.ts";
export { type ImageScale, scaleAutoencoder } from "./scale_autoencoder.ts";
export { roundTo8Bits, storedBytes } from "./stored_code.ts";
export {
  isVariational,
  joinVariational,
  klFromPrior,
  LOG_VARIANCE_BOUND,
  type Posterior,
  samplePosterior,
  type VaeLoss,
  vaeLoss,
  type VariationalAutoencoder,
} from "./variational.ts";
export {
  FIRST_LOG_VARIANCE,
  variationalAutoencoder,
} from "./variational_autoencoder.ts";
export {
  type SuperResolution,
  superResolution,
  type SuperResolutionNetworkSettings,
} from "./super_resolution.ts";
export { type EncoderWrap, wrapEncoder } from "./wrap_encoder.ts";
export {
  readSafetensors,
  type Safetensors,
  SafetensorsError,
  type StoredNumbers,
  type StoredTensor,
  writeSafetensors,
} from "./safetensors.ts";
