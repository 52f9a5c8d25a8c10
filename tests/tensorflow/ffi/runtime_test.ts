import { assertEquals, assertThrows } from "@std/assert";
import { listDevices } from "@/tensorflow/mod.ts";
import { threadSetting } from "@/tensorflow/ffi/runtime.ts";

/** Calls with ONECODE_THREADS set, and sets it back. */
function withThreads<T>(text: string | undefined, fn: () => T): T {
  const before = Deno.env.get("ONECODE_THREADS");
  const set = (value: string | undefined) =>
    value === undefined
      ? Deno.env.delete("ONECODE_THREADS")
      : Deno.env.set("ONECODE_THREADS", value);
  set(text);
  try {
    return fn();
  } finally {
    set(before);
  }
}

Deno.test("listDevices() has a CPU", () => {
  const [cpu] = listDevices().filter(({ type }) => type === "CPU");
  assertEquals(cpu, {
    name: "/job:localhost/replica:0/task:0/device:CPU:0",
    type: "CPU",
  });
});

Deno.test("threadSetting() reads ONECODE_THREADS", () => {
  assertEquals(withThreads(undefined, threadSetting), 0);
  assertEquals(withThreads("3", threadSetting), 3);
});

Deno.test("threadSetting() refuses an invalid number of threads", () => {
  for (const text of ["-1", "1.5", "many", "2000"]) {
    withThreads(text, () =>
      assertThrows(
        threadSetting,
        RangeError,
        `ONECODE_THREADS must be a whole number from 0 to 1024, got "${text}".`,
      ));
  }
});
