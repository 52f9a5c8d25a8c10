/** Results on storage with made sizes. */
import type { CodecStorage, StoredSizes } from "@/evaluation/types.ts";
import { EDGE_WAYS, type EdgeWayKey } from "@/sections/cdn_cache/types.ts";

/** Bytes of the medium image and of the photo in each way that is stored. */
type Sizes = Partial<Record<EdgeWayKey, readonly [number, number]>>;

const usual: Sizes = {
  twoFiles: [8000, 12_000],
  resized: [7900, 11_900],
  avifLayers: [8200, 14_000],
  jpeg2000: [11_000, 20_000],
  layers: [11_000, 14_000],
};

function stored(key: EdgeWayKey, scale: number, sizes: Sizes): StoredSizes {
  const { way, codec } = EDGE_WAYS[key];
  const [medium, high] = sizes[key]!.map((bytes) => bytes * scale);
  const both = key === "twoFiles" ? medium! + high! : high!;
  return {
    way,
    codec,
    storedBytes: both,
    mediumBytes: medium!,
    highBytes: high!,
  };
}

/** Three photos at quality 38, of these sizes and of others in proportion. */
export function madeStorage(sizes: Sizes = usual): CodecStorage {
  const keys = Object.keys(sizes) as EdgeWayKey[];
  return {
    dataset: { name: "made", fingerprint: "1", photos: 3 },
    model: "0123456789abcdef",
    rows: keys.map((key) => ({
      ...stored(key, 1, sizes),
      serverCpuMs: { medium: key === "resized" ? 500 : 0, high: 0 },
    })),
    photos: [0.5, 1, 1.5].map((scale, i) => ({
      photo: `photo ${i}`,
      quality: 38,
      ways: keys.map((key) => stored(key, scale, sizes)),
    })),
  } as unknown as CodecStorage;
}
