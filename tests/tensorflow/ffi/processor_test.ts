import { assertEquals } from "@std/assert";
import { findVectorUnit } from "@/tensorflow/ffi/processor.ts";

const cpuInfo = (flags: string) =>
  `processor\t: 0\nmodel name\t: X\nflags\t\t: fpu ${flags}\nbugs\t\t: none`;

Deno.test("the best vectors are found among a processor's features", () => {
  const cases = {
    "avx2 avx512f avx512_bf16 amx_tile amx_bf16": "AMX",
    "avx2 avx512f avx512_bf16 avx512_fp16": "AVX512-BF16",
    "avx2 avx512f avx512_vnni": "AVX-512",
    "avx avx2": "AVX2",
    "not_amx_bf16_either": "other",
  };
  for (const [flags, unit] of Object.entries(cases)) {
    assertEquals(findVectorUnit(cpuInfo(flags)), unit);
  }
  assertEquals(findVectorUnit(""), "other");
});
