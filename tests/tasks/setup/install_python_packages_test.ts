import { assertEquals } from "@std/assert";
import { describePipLine } from "@/tasks/setup/install_python_packages.ts";

Deno.test("describePipLine tells downloads and unpacking, no more", () => {
  const told = [
    "  Downloading tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl (267.1 MB)",
    "  Using cached jupyterlab-4.6.6-py3-none-any.whl (12.4 MB)",
    "Installing collected packages: a, b",
    "Requirement already satisfied: deno==2.8.1",
  ].map(describePipLine);
  assertEquals(told, [
    "tensorflow_cpu 2.21.0 (267.1 MB)",
    "jupyterlab 4.6.6 (12.4 MB)",
    "unpacking, about a minute",
    undefined,
  ]);
});
