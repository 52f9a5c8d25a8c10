import { AssertionError, assertRejects } from "@std/assert";
import { assertExpected } from "./expected.ts";

const updating = Deno.env.get("ONECODE_UPDATE_EXPECTED") === "1";
const name = "charts/table.html";

Deno.test({
  name: "assertExpected refuses a difference and a missing file",
  ignore: updating,
  async fn() {
    await assertRejects(
      () => assertExpected(name, "other"),
      AssertionError,
      `${name} differs; ONECODE_UPDATE_EXPECTED=1 writes it anew`,
    );
    await assertRejects(
      () => assertExpected(name, Uint8Array.of(1)),
      AssertionError,
      `${name} differs`,
    );
    await assertRejects(
      () => assertExpected("charts/missing.txt", "text"),
      AssertionError,
      "charts/missing.txt is missing",
    );
  },
});

Deno.test("assertExpected stays inside its folder", async () => {
  await assertRejects(
    () => assertExpected("../assert.ts", "text"),
    RangeError,
    '"../assert.ts" is outside tests/expected',
  );
});
