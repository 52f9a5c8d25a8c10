/**
 * Photos to batches: photo sets, pairs of a high and a medium image, their
 * order, and the numbers that a network takes. Clips to segments.
 *
 * @module
 */
export * from "@/datasets/batches/batch_order.ts";
export * from "@/datasets/batches/prefetch.ts";
export * from "@/datasets/batches/to_batch.ts";
export * from "@/datasets/clips/clip_set.ts";
export * from "@/datasets/clips/ffmpeg.ts";
export * from "@/datasets/clips/prepare_clips.ts";
export * from "@/datasets/clips/segment_batches.ts";
export * from "@/datasets/pairs/build_pairs.ts";
export * from "@/datasets/pairs/channel_statistics.ts";
export * from "@/datasets/pairs/crop.ts";
export * from "@/datasets/pairs/pair_file.ts";
export * from "@/datasets/pairs/pairs.ts";
export * from "@/datasets/pairs/plan_pairs.ts";
export * from "@/datasets/pairs/prepare_pairs.ts";
export * from "@/datasets/photos/dataset_error.ts";
export * from "@/datasets/photos/div2k.ts";
export * from "@/datasets/photos/download.ts";
export * from "@/datasets/photos/folder.ts";
export * from "@/datasets/photos/inspect_photos.ts";
export * from "@/datasets/photos/kodak.ts";
export * from "@/datasets/photos/open_photo_set.ts";
export * from "@/datasets/photos/photo_set.ts";
export * from "@/datasets/photos/starter.ts";
export * from "@/datasets/photos/unpack.ts";
