import { assert } from "@std/assert";
import { hasBfloat16Flag } from "@/tensorflow/ffi/processor.ts";

const cpuInfo = (flags: string) =>
  `processor\t: 0\nmodel name\t: X\nflags\t\t: fpu avx2 ${flags}\nbugs\t\t: none`;

Deno.test("bfloat16 is found among a processor's features", () => {
  assert(hasBfloat16Flag(cpuInfo("avx512f avx512_bf16 avx512_fp16")));
  assert(hasBfloat16Flag(cpuInfo("amx_tile amx_bf16")));
  assert(!hasBfloat16Flag(cpuInfo("avx512f avx512_vnni")));
  assert(!hasBfloat16Flag(cpuInfo("not_amx_bf16_either")));
  assert(!hasBfloat16Flag(""));
});
