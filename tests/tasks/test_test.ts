import { assertEquals } from "@std/assert";
import { countTests } from "@/tasks/test.ts";

Deno.test("countTests counts tests, not their steps, and ignored ones apart", () => {
  const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="2">
  <testsuite name="./a_test.ts">
    <testcase name="a" classname="./a_test.ts">
      <failure message="1 test step failed">1 test step failed.</failure>
    </testcase>
    <testcase name="b" classname="./a_test.ts">
      <skipped/>
    </testcase>
    <testcase name="c &gt; d" classname="./a_test.ts"/>
    <testcase name="e" classname="./a_test.ts">
    </testcase>
    <testcase name="a &gt; step" classname="./a_test.ts">
      <failure message="x">x</failure>
    </testcase>
    <testcase name="e &gt; step" classname="./a_test.ts">
    </testcase>
  </testsuite>
</testsuites>`;
  assertEquals(countTests(report), { passed: 2, failed: 1, skipped: 1 });
  assertEquals(countTests(""), { passed: 0, failed: 0, skipped: 0 });
});
