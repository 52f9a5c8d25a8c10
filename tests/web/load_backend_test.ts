import { isSoftware } from "@/web/load_backend.ts";
import { assertEquals } from "@std/assert";

Deno.test("renderers that run on the processor are told from cards", () => {
  const names = [
    "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)), SwiftShader driver)",
    "Mesa/X.org, llvmpipe (LLVM 15.0.7, 256 bits)",
    "Microsoft Basic Render Driver",
    "ANGLE (Intel, Intel(R) UHD Graphics 630, OpenGL 4.1)",
    "Apple M2",
  ];
  assertEquals(names.map(isSoftware), [true, true, true, false, false]);
});
