import type { QualityRange } from "./codec.ts";

/** Throws unless the quality is within the range. */
export function assertQuality(
  codec: string,
  { low, high, whole }: QualityRange,
  quality: number,
): void {
  const fits = quality >= low && quality <= high &&
    (!whole || Number.isInteger(quality));
  if (fits) return;
  throw new RangeError(
    `Quality of ${codec} must be ${whole ? "a whole number " : ""}` +
      `from ${low} to ${high}, got ${quality}`,
  );
}
