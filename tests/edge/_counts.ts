/** Small traces and what they give. */
import { TRACE_BLOCK, type TraceBlock } from "@/edge/trace.ts";

/** A trace of requests such as `"0m 0h 1m"`: the photo's number and its size. */
export function traceOf(text: string): TraceBlock[] {
  const requests = text.split(" ").map((word) =>
    [Number.parseInt(word), word.endsWith("h") ? 1 : 0] as const
  );
  return [{
    photos: Uint32Array.from(requests, ([photo]) => photo),
    isHigh: Uint8Array.from(requests, ([, isHigh]) => isHigh),
  }];
}

/** All requests of a trace as numbers: the photo, twice, and its size. */
export async function requestsOf(
  trace: Iterable<TraceBlock> | AsyncIterable<TraceBlock>,
): Promise<number[]> {
  const all: number[] = [];
  for await (const { photos, isHigh } of trace) {
    if (photos.length > TRACE_BLOCK) throw new Error("A block is too long.");
    photos.forEach((photo, i) => all.push(photo * 2 + isHigh[i]!));
  }
  return all;
}
