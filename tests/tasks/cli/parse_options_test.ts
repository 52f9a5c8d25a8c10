import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { HelpRequest, parseOptions } from "@/tasks/cli/parse_options.ts";
import { UserError } from "@/errors/user_error.ts";

const spec = {
  usage: "deno task example [FILES…]",
  description: "Does an example.",
  options: {
    profile: {
      type: "string",
      help: "scale of the run",
      default: "quick",
      choices: ["quick", "full"],
    },
    out: { type: "string", help: "folder to write", value: "FOLDER" },
    steps: { type: "number", help: "steps", min: 1, max: 9, integer: true },
    rate: { type: "number", help: "learning rate" },
    check: { type: "boolean", help: "change nothing" },
  },
  words: "FILES",
} as const;

Deno.test("parseOptions gives every option a value", () => {
  assertEquals(parseOptions(spec, []), {
    options: {
      profile: "quick",
      out: undefined,
      steps: undefined,
      rate: undefined,
      check: false,
    },
    words: [],
  });
});

Deno.test("parseOptions reads both spellings, numbers, words and --", () => {
  const { options, words } = parseOptions(
    spec,
    ["a", "--profile=full", "--steps", "4", "--rate=-1e-3", "--", "--b"],
  );
  assertEquals(options.profile, "full");
  assertEquals(options.steps, 4);
  assertEquals(options.rate, -0.001);
  assertEquals(words, ["a", "--b"]);
});

const wrong: [string[], string][] = [
  [
    ["--porfile", "full"],
    'Unknown option "--porfile": did you mean "--profile"?',
  ],
  [["--zzzzzz"], 'Unknown option "--zzzzzz": the options are --profile, --out'],
  [["--constructor"], 'Unknown option "--constructor"'],
  [
    ["-x.jpg"],
    'Unknown option "-x": put "./" before a name that starts with "-".',
  ],
  [
    ["--profile", "huge"],
    '--profile must be one of quick, full, got "huge".',
  ],
  [
    ["--steps", "four"],
    '--steps must be an integer from 1 to 9, got "four".',
  ],
  [["--steps", "1.5"], 'got "1.5"'],
  [["--steps", "0"], 'got "0"'],
  [["--steps=10"], 'got "10"'],
  [["--steps="], 'got ""'],
  [["--out"], "--out needs a value."],
  [["--out", "--check"], "--out needs a value."],
  [["--check=yes"], '--check takes no value, got "yes".'],
];
for (const [args, message] of wrong) {
  Deno.test(`parseOptions refuses "${args.join(" ")}"`, () => {
    assertThrows(() => parseOptions(spec, args), UserError, message);
  });
}

Deno.test("parseOptions refuses a word where none is expected", () => {
  const { words: _, ...wordless } = spec;
  assertThrows(
    () => parseOptions(wordless, ["stray"]),
    UserError,
    'Unexpected word "stray"; usage: deno task example [FILES…]',
  );
});

for (const flag of ["--help", "-h"]) {
  Deno.test(`parseOptions answers ${flag} with every option and its default`, () => {
    const { message } = assertThrows(
      () => parseOptions(spec, ["--check", flag]),
      HelpRequest,
    );
    assertStringIncludes(message, "Does an example.");
    assertStringIncludes(message, "Usage: deno task example [FILES…]");
    assertStringIncludes(
      message,
      "--profile quick|full  scale of the run (default quick)",
    );
    assertStringIncludes(message, "--steps N");
    assertStringIncludes(message, "--out FOLDER ");
    assertStringIncludes(message, "--help");
  });
}
