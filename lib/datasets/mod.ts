/**
 * Photos to batches: photo sets, pairs of a high and a medium image, their
 * order, and the numbers that a network takes.
 *
 * @module
 */
export { batchOrder } from "@/datasets/batches/batch_order.ts";
export {
  type Channels,
  type ChannelStatistics,
  channelStatistics,
} from "@/datasets/pairs/channel_statistics.ts";
export { DatasetError } from "./dataset_error.ts";
export { dataPath } from "@/files/disk.ts";
export {
  type Archive,
  div2kArchives,
  div2kSmallArchives,
  div2kTerms,
  div2kUrl,
  fetchArchives,
  type FetchOptions,
  openDiv2k,
} from "@/datasets/photos/div2k.ts";
export {
  type Download,
  downloadFile,
  type DownloadOptions,
} from "@/datasets/download/download.ts";
export { openFolder, type OpenOptions } from "@/datasets/photos/folder.ts";
export type { InspectOptions } from "@/datasets/photos/inspect_photos.ts";
export {
  fetchKodak,
  type FetchKodakOptions,
  kodakFiles,
  kodakUrl,
  openKodak,
} from "@/datasets/photos/kodak.ts";
export { openPhotoSet } from "@/datasets/photos/open_photo_set.ts";
export {
  checkPairSettings,
  type PairSettings,
} from "@/datasets/pairs/pair_settings.ts";
export {
  type Pairs,
  type PairSize,
  SharedPairs,
} from "@/datasets/pairs/pairs.ts";
export {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
export {
  type Batch,
  type BatchShare,
  type PhotoSource,
  prefetchBatches,
  type PrefetchOptions,
} from "@/datasets/batches/prefetch.ts";
export {
  pairFingerprint,
  type PreparedPairs,
  type PrepareOptions,
  preparePairs,
} from "@/datasets/pairs/prepare_pairs.ts";
export type { DataProgress, OnDataProgress } from "./progress.ts";
export { type Random, seededRandom } from "@/random/seeded_random.ts";
export { openStarter } from "@/datasets/photos/starter.ts";
export { toBatch } from "@/datasets/batches/to_batch.ts";
export {
  type UnpackedFile,
  type UnpackOptions,
  unpackPhotos,
} from "@/datasets/download/unpack.ts";
