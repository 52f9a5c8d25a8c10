import { assertAlmostEquals, assertThrows } from "@std/assert";
import { bdRate, type RatePoint } from "@/metrics/mod.ts";

function curve(bpp: readonly number[], psnrDb: readonly number[]): RatePoint[] {
  return bpp.map((rate, i) => ({
    bpp: rate,
    psnrDb: psnrDb[i]!,
    msssim: 1 - 10 ** (-psnrDb[i]! / 20),
  }));
}

// Rounded Kodak curves of AV1 and of a factorised-prior autoencoder.
const av1 = curve(
  [.056, .110, .170, .246, .352, .499, .683, .909, 1.167, 1.415, 1.805, 2.608],
  [
    25.561,
    27.562,
    29.025,
    30.442,
    31.987,
    33.650,
    35.322,
    36.989,
    38.555,
    39.809,
    41.434,
    43.968,
  ],
);
const factorized = curve(
  [.123, .189, .288, .440, .648, .967, 1.351, 1.833],
  [26.909, 28.218, 29.617, 31.277, 32.956, 35.381, 37.397, 39.621],
);

Deno.test("bdRate() is 0 for equal curves, in any order of points", () => {
  assertAlmostEquals(bdRate(av1, [...av1].reverse()), 0, 1e-9);
});

Deno.test("bdRate() is +100 % at twice the rate and -50 % the other way", () => {
  const twice = av1.map((point) => ({ ...point, bpp: 2 * point.bpp }));
  assertAlmostEquals(bdRate(av1, twice), 100, 1e-9);
  assertAlmostEquals(bdRate(twice, av1), -50, 1e-9);
});

Deno.test("bdRate() of two straight lines is the mean gap worked by hand", () => {
  // log2 of the rate: 0 to 4 and 0.5 to 3.5 over 30 to 34 and 31 to 34 dB.
  const anchor = curve([1, 2, 4, 8, 16], [30, 31, 32, 33, 34]);
  const test = curve(
    [2 ** 0.5, 2 ** 1.5, 2 ** 2.5, 2 ** 3.5],
    [31, 32, 33, 34],
  );
  // Shared: 31 to 34 dB, where the test lies half an octave lower.
  assertAlmostEquals(bdRate(anchor, test), 100 * (2 ** -0.5 - 1), 1e-9);
});

Deno.test("bdRate() inverts when anchor and test change places", () => {
  const there = 1 + bdRate(av1, factorized) / 100;
  const back = 1 + bdRate(factorized, av1) / 100;
  assertAlmostEquals(there * back, 1, 1e-12);
});

Deno.test("bdRate() agrees with bjontegaard 1.3", () => {
  assertAlmostEquals(bdRate(av1, factorized), 42.2216664, 1e-6);
});

Deno.test("bdRate() cuts each curve where it leaves the rate range", () => {
  // Made with SciPy's PchipInterpolator, brentq and integrate.
  const range = [0.15, 1] as const;
  assertAlmostEquals(bdRate(av1, factorized, { range }), 45.4328206, 1e-6);
});

Deno.test("bdRate() ignores a difference outside of the rate range", () => {
  const high = av1.map((point) => ({
    ...point,
    bpp: point.bpp > 1.2 ? 1.5 * point.bpp : point.bpp,
  }));
  const range = [0.1, 0.9] as const;
  assertAlmostEquals(bdRate(av1, high, { range }), 0, 1e-9);
});

Deno.test("bdRate() takes limits of quality", () => {
  const anchor = curve([1, 2, 4], [30, 31, 32]);
  const test = curve([1, 3, 9], [30, 31, 32]);
  // The gap in log rate grows from 0 at 30 dB by log(1.5) a decibel.
  assertAlmostEquals(
    bdRate(anchor, test, { qualityRange: [30, 31] }),
    100 * (1.5 ** 0.5 - 1),
    1e-9,
  );
});

Deno.test("bdRate() on MS-SSIM integrates over its decibels", () => {
  // msssim is made so that its decibels are half of psnrDb.
  assertAlmostEquals(
    bdRate(av1, factorized, { metric: "msssim" }),
    bdRate(av1, factorized),
    1e-6,
  );
});

Deno.test("bdRate() refuses curves that it is not defined for", () => {
  const point = { bpp: 1, psnrDb: 30, msssim: 0.9 };
  const good = curve([1, 2], [30, 33]);
  const cases: [RatePoint[], string][] = [
    [[point], "The number of points must be at least 2, got 1."],
    [[point, { ...point, bpp: 0 }], "got 0 bpp at 30 dB"],
    [[point, { ...point, bpp: 2, psnrDb: Infinity }], "got 2 bpp at Infinity"],
    [
      [point, { ...point, bpp: 2, psnrDb: 29 }],
      "Quality must rise with rate, got 30 dB at 1 bpp and 29 dB at 2 bpp",
    ],
    [curve([1, 2], [40, 42]), "share no quality: the anchor spans 30.00 to"],
  ];
  for (const [test, message] of cases) {
    assertThrows(() => bdRate(good, test), RangeError, message);
  }
});

Deno.test("bdRate() refuses limits that do not rise or that exclude a curve", () => {
  assertThrows(
    () => bdRate(av1, av1, { range: [1, 0.15] }),
    RangeError,
    "range must be rising, got [1,0.15].",
  );
  for (const range of [[0.01, 0.02], [5, 6]] as const) {
    assertThrows(
      () => bdRate(av1, factorized, { range }),
      RangeError,
      "share no quality",
    );
  }
});
