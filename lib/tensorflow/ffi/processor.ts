/**
 * What the processor can do, where TensorFlow does not look itself.
 *
 * @module
 */

let multiplies: boolean | undefined;

/**
 * Says whether the processor multiplies bfloat16 itself, by AVX512-BF16 or AMX.
 * Others emulate it: without AVX-512 a convolution takes 30 times as long.
 *
 * @returns Whether it does; false where that is not known, as on macOS.
 */
export function multipliesBfloat16(): boolean {
  multiplies ??= hasBfloat16Flag(readCpuInfo());
  return multiplies;
}

/**
 * Looks for bfloat16 among a processor's features.
 *
 * @param cpuInfo The text of `/proc/cpuinfo`.
 */
export function hasBfloat16Flag(cpuInfo: string): boolean {
  const [flags = ""] = cpuInfo.match(/^flags\s*:.*$/m) ?? [];
  return /\s(avx512_bf16|amx_bf16)(\s|$)/.test(flags);
}

function readCpuInfo(): string {
  try {
    return Deno.readTextFileSync("/proc/cpuinfo");
  } catch {
    return "";
  }
}
