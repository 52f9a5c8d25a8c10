/**
 * Photos to batches: photo sets, pairs of a high and a medium image, their
 * order, and the numbers that a network takes.
 *
 * @module
 */
export { batchOrder } from "@/datasets/batches/batch_order.ts";
export {
  type Batch,
  type BatchShare,
  prefetchBatches,
  type PrefetchOptions,
} from "@/datasets/batches/prefetch.ts";
export { toBatch } from "@/datasets/batches/to_batch.ts";
export type { PrepareOptions } from "@/datasets/pairs/build_pairs.ts";
export {
  type Channels,
  type ChannelStatistics,
  channelStatistics,
} from "@/datasets/pairs/channel_statistics.ts";
export type { ImagePair } from "@/datasets/pairs/crop.ts";
export type { PreparedPairs } from "@/datasets/pairs/pair_file.ts";
export {
  type Pairs,
  type PairSize,
  SharedPairs,
} from "@/datasets/pairs/pairs.ts";
export type { PairSettings } from "@/datasets/pairs/plan_pairs.ts";
export {
  pairFingerprint,
  preparePairs,
} from "@/datasets/pairs/prepare_pairs.ts";
export { DatasetError } from "@/datasets/photos/dataset_error.ts";
export {
  type Archive,
  div2kArchives,
  div2kSmallArchives,
  div2kTerms,
  fetchArchives,
  type FetchOptions,
  openDiv2k,
} from "@/datasets/photos/div2k.ts";
export {
  type Download,
  downloadFile,
  type DownloadOptions,
} from "@/datasets/photos/download.ts";
export { openFolder, type OpenOptions } from "@/datasets/photos/folder.ts";
export type { InspectOptions } from "@/datasets/photos/inspect_photos.ts";
export {
  fetchKodak,
  type FetchKodakOptions,
  kodakFiles,
  openKodak,
} from "@/datasets/photos/kodak.ts";
export { openPhotoSet } from "@/datasets/photos/open_photo_set.ts";
export {
  makePhotoSet,
  type Photo,
  type PhotoSet,
  type SkippedFile,
  type Split,
  splits,
} from "@/datasets/photos/photo_set.ts";
export { openStarter } from "@/datasets/photos/starter.ts";
export {
  type UnpackedFile,
  type UnpackOptions,
  unpackPhotos,
} from "@/datasets/photos/unpack.ts";
