/**
 * What the processor can do, where TensorFlow does not look itself.
 *
 * @module
 */

/** The widest vectors that a processor computes with, best first. */
const VECTORS = [
  ["AMX", "amx_bf16"],
  ["AVX512-BF16", "avx512_bf16"],
  ["AVX-512", "avx512f"],
  ["AVX2", "avx2"],
] as const;

/** Such as `AVX2`; `other` for all else, and where it is not known. */
export type VectorUnit = typeof VECTORS[number][0] | "other";

let unit: VectorUnit | undefined;

/**
 * Says what this machine's processor computes with, which decides its speed
 * more than its name, as virtual machines may hide parts of it.
 *
 * @returns The best of what it has; `other` where it is not known, as on macOS.
 */
export function vectorUnit(): VectorUnit {
  unit ??= findVectorUnit(readCpuInfo());
  return unit;
}

/**
 * Says whether the processor multiplies bfloat16 itself. Others emulate it:
 * without AVX-512 a convolution takes 30 times as long.
 *
 * @returns Whether it does; false where that is not known.
 */
export function multipliesBfloat16(): boolean {
  return ["AMX", "AVX512-BF16"].includes(vectorUnit());
}

/**
 * Finds the best vectors among a processor's features.
 *
 * @param cpuInfo The text of `/proc/cpuinfo`.
 * @returns See {@linkcode vectorUnit}.
 */
export function findVectorUnit(cpuInfo: string): VectorUnit {
  const [, flags = ""] = cpuInfo.match(/^flags\s*:(.*)$/m) ?? [];
  const features = new Set(flags.trim().split(/\s+/));
  return VECTORS.find(([, flag]) => features.has(flag))?.[0] ?? "other";
}

function readCpuInfo(): string {
  try {
    return Deno.readTextFileSync("/proc/cpuinfo");
  } catch {
    return "";
  }
}
