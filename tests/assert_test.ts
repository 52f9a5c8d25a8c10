import nodeAssert from "node:assert";
import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertFalse,
  assertGreater,
  assertInstanceOf,
  AssertionError,
  assertLess,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertStringIncludes,
  assertThrows,
  fail,
} from "@std/assert";

function rejects(fn: () => void, text = ""): void {
  nodeAssert.throws(
    fn,
    (error) => error instanceof AssertionError && error.message.includes(text),
  );
}

const holding: Record<string, () => void> = {
  assert: () => assert(1),
  assertFalse: () => assertFalse(""),
  assertEquals: () =>
    assertEquals(new Float32Array([1, NaN]), Float32Array.of(1, NaN)),
  assertNotEquals: () => assertNotEquals<unknown>({ a: 1 }, { a: "1" }),
  assertStrictEquals: () => assertStrictEquals(NaN, NaN),
  assertAlmostEquals: () => assertAlmostEquals(0.1 + 0.2, 0.3),
  "assertAlmostEquals of infinities": () =>
    assertAlmostEquals(Infinity, Infinity),
  assertMatch: () => assertMatch("43x43", /^\d+x\d+$/),
  assertStringIncludes: () => assertStringIncludes("latent", "ten"),
  assertInstanceOf: () => assertInstanceOf(new RangeError(), Error),
  assertGreater: () => assertGreater(2, 1),
  assertLess: () => assertLess(1, 2),
  assertLessOrEqual: () => assertLessOrEqual(2, 2),
};

const failing: Record<string, [() => void, string]> = {
  assert: [() => assert(0, "why"), "why"],
  assertFalse: [() => assertFalse(1, "why"), "why"],
  assertEquals: [() => assertEquals<unknown>([1, 2], [1, 3], "why"), "why"],
  "assertEquals of 0 and -0": [() => assertEquals(0, -0), "not equal"],
  "assertEquals of a missing key": [
    () => assertEquals<unknown>({ a: undefined }, {}),
    "not equal",
  ],
  assertNotEquals: [() => assertNotEquals([1], [1]), "not to be"],
  assertStrictEquals: [() => assertStrictEquals([], []), "strictly"],
  assertAlmostEquals: [() => assertAlmostEquals(1, 1.1, 0.05), "0.05"],
  "assertAlmostEquals of NaN": [() => assertAlmostEquals(NaN, 1, 5), "NaN"],
  assertMatch: [() => assertMatch("a", /b/), "/b/"],
  assertStringIncludes: [() => assertStringIncludes("a", "b"), "contain"],
  assertInstanceOf: [() => assertInstanceOf({}, Error), "Error"],
  assertGreater: [() => assertGreater(1, 1), "1 > 1"],
  assertLess: [() => assertLess(1, 1), "1 < 1"],
  assertLessOrEqual: [() => assertLessOrEqual(2, NaN), "2 <= NaN"],
  "assertThrows without a throw": [() => assertThrows(() => 1), "to throw"],
  "assertThrows of another class": [
    () =>
      assertThrows(() => {
        throw new TypeError("t");
      }, RangeError),
    "RangeError",
  ],
  "assertThrows of another message": [
    () =>
      assertThrows(
        () => {
          throw new TypeError("t");
        },
        TypeError,
        "u",
      ),
    "include 'u'",
  ],
  "assertThrows of a string": [() =>
    assertThrows(() => {
      throw "t";
    }, Error), "non-Error"],
  fail: [() => fail("why"), "why"],
};

for (const [name, check] of Object.entries(holding)) {
  Deno.test(`${name} passes where it holds`, check);
}
for (const [name, [check, text]] of Object.entries(failing)) {
  Deno.test(`${name} fails where it does not hold`, () => rejects(check, text));
}

Deno.test("assertThrows returns what was thrown", () => {
  const error = new RangeError("out of range");
  const thrower = () => {
    throw error;
  };
  nodeAssert.equal(assertThrows(thrower), error);
  nodeAssert.equal(assertThrows(thrower, RangeError, "range"), error);
});

Deno.test("assertRejects resolves to the reason", async () => {
  const error = new RangeError("out of range");
  const rejecter = () => Promise.reject(error);
  nodeAssert.equal(await assertRejects(rejecter), error);
  nodeAssert.equal(await assertRejects(rejecter, RangeError, "out"), error);
});

Deno.test("assertRejects fails on a fulfilled promise, another error and a throw", async () => {
  const cases: [() => Promise<unknown>, RegExp][] = [
    [() => assertRejects(() => Promise.resolve(1)), /to reject/],
    [
      () => assertRejects(() => Promise.reject(new Error("a")), TypeError),
      /TypeError/,
    ],
    [() =>
      assertRejects(() => {
        throw new Error("a");
      }), /throws when/],
  ];
  for (const [run, text] of cases) {
    await nodeAssert.rejects(
      run,
      (error) => error instanceof AssertionError && text.test(error.message),
    );
  }
});
