/**
 * Photos to batches: photo sets, pairs of a high and a medium image, their
 * order, and the numbers that a network takes.
 *
 * @module
 */
export { batchOrder } from "./batch_order.ts";
export {
  type Channels,
  type ChannelStatistics,
  channelStatistics,
} from "./channel_statistics.ts";
export { DatasetError } from "./dataset_error.ts";
export { dataPath } from "./disk.ts";
export {
  type Archive,
  div2kArchives,
  div2kSmallArchives,
  div2kTerms,
  div2kUrl,
  fetchArchives,
  type FetchOptions,
  openDiv2k,
} from "./div2k.ts";
export {
  type Download,
  downloadFile,
  type DownloadOptions,
} from "./download.ts";
export { openFolder, type OpenOptions } from "./folder.ts";
export type { InspectOptions } from "./inspect_photos.ts";
export {
  fetchKodak,
  type FetchKodakOptions,
  kodakFiles,
  kodakUrl,
  openKodak,
} from "./kodak.ts";
export { openPhotoSet } from "./open_photo_set.ts";
export { checkPairSettings, type PairSettings } from "./pair_settings.ts";
export { type Pairs, type PairSize, SharedPairs } from "./pairs.ts";
export {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
  splits,
} from "./photo_set.ts";
export {
  type Batch,
  type BatchShare,
  type PhotoSource,
  prefetchBatches,
  type PrefetchOptions,
} from "./prefetch.ts";
export {
  pairFingerprint,
  type PreparedPairs,
  type PrepareOptions,
  preparePairs,
} from "./prepare_pairs.ts";
export type { DataProgress, OnDataProgress } from "./progress.ts";
export { type Random, seededRandom } from "./seeded_random.ts";
export { openStarter } from "./starter.ts";
export { toBatch } from "./to_batch.ts";
export {
  type UnpackedFile,
  type UnpackOptions,
  unpackPhotos,
} from "./unpack.ts";
