/**
 * Command line options of a task: typed values, one-sentence errors and the
 * text of `--help`, all from one description.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { nearestWord } from "./nearest_word.ts";
import { UserError } from "@/errors/user_error.ts";

/** A switch, `--check`; false unless given. */
export interface BooleanOption {
  /** Tells the kind of option. */
  readonly type: "boolean";
  /** What it does, for `--help`. */
  readonly help: string;
}

/** A text, `--profile quick` or `--profile=quick`. */
export interface StringOption {
  /** Tells the kind of option. */
  readonly type: "string";
  /** What it does, for `--help`. */
  readonly help: string;
  /** The value where the option is not given. */
  readonly default?: string;
  /** The only values that are accepted. */
  readonly choices?: readonly string[];
}

/** A number, `--steps 4`. */
export interface NumberOption {
  /** Tells the kind of option. */
  readonly type: "number";
  /** What it does, for `--help`. */
  readonly help: string;
  /** The value where the option is not given. */
  readonly default?: number;
  /** The smallest value that is accepted. */
  readonly min?: number;
  /** The largest value that is accepted. */
  readonly max?: number;
  /** Whether only whole numbers are accepted. */
  readonly integer?: boolean;
}

/** Any kind of option. */
export type Option = BooleanOption | StringOption | NumberOption;

/** The description of a task's command line. */
export interface OptionsSpec<Options extends Record<string, Option>> {
  /** The call, such as `"deno task lab [--no-browser]"`. */
  readonly usage: string;
  /** What the task does, in a sentence. */
  readonly description: string;
  /** The options by name, without dashes; names are kebab-case. */
  readonly options: Options;
  /** What the words besides options are, such as `"FILES"`; none if absent. */
  readonly words?: string;
}

/** The type of one option's value. */
export type OptionValue<O extends Option> = O extends BooleanOption ? boolean
  : O extends { readonly default: string | number }
    ? (O extends NumberOption ? number : string)
  : O extends NumberOption ? number | undefined
  : string | undefined;

/** What {@linkcode parseOptions} returns. */
export interface ParsedOptions<Options extends Record<string, Option>> {
  /** The value of each option of the description. */
  readonly options: {
    readonly [Name in keyof Options]: OptionValue<Options[Name]>;
  };
  /** The words besides options, in order. */
  readonly words: readonly string[];
}

/** Thrown for `--help`; its message is the text to print. */
export class HelpRequest extends Error {
  /** The class, for stack traces. */
  override readonly name = "HelpRequest";
}

function helpText(spec: OptionsSpec<Record<string, Option>>): string {
  const rows = Object.entries(spec.options).map(([name, option]) => {
    const value = option.type === "boolean"
      ? ""
      : option.type === "number"
      ? " N"
      : ` ${option.choices?.join("|") ?? "TEXT"}`;
    const preset = option.type !== "boolean" && option.default !== undefined
      ? ` (default ${option.default})`
      : "";
    return [`--${name}${value}`, option.help + preset] as const;
  });
  rows.push(["--help", "print this text"]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) =>
    `  ${left.padEnd(width)}  ${right}`
  );
  return `${spec.description}\n\nUsage: ${spec.usage}\n\n${lines.join("\n")}`;
}

function checkNumber(name: string, text: string, option: NumberOption): number {
  const number = Number(text);
  const wrong = text.trim() === "" || !Number.isFinite(number) ||
    (option.integer === true && !Number.isInteger(number)) ||
    (option.min !== undefined && number < option.min) ||
    (option.max !== undefined && number > option.max);
  if (!wrong) return number;
  const kind = option.integer === true ? "a whole number" : "a number";
  const from = option.min === undefined ? "" : ` from ${option.min}`;
  const to = option.max === undefined ? "" : ` up to ${option.max}`;
  throw new UserError(
    `Option --${name} needs ${kind}${from}${to}, not "${text}".`,
  );
}

function checkChoice(name: string, text: string, option: StringOption): string {
  if (option.choices === undefined || option.choices.includes(text)) {
    return text;
  }
  throw new UserError(
    `Option --${name} is one of ${option.choices.join(", ")}, not "${text}".`,
  );
}

function unknownOption(
  name: string,
  spec: OptionsSpec<Record<string, Option>>,
): UserError {
  const names = [...Object.keys(spec.options), "help"];
  const near = nearestWord(name, names);
  const hint = near === undefined
    ? `the options are ${names.map((known) => `--${known}`).join(", ")}`
    : `did you mean "--${near}"?`;
  return new UserError(
    `Unknown option "--${name}": ${hint}${near === undefined ? "." : ""}`,
  );
}

/**
 * Reads the command line `args` by the description `spec`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseOptions } from "./parse_options.ts";
 *
 * const { options, words } = parseOptions({
 *   usage: "deno task example [FILES…] [--steps N]",
 *   description: "Shows how options are read.",
 *   options: {
 *     steps: { type: "number", help: "steps to take", default: 10, min: 1 },
 *     check: { type: "boolean", help: "change nothing" },
 *   },
 *   words: "FILES",
 * }, ["--steps", "4", "a.ipynb"]);
 * assertEquals(options, { steps: 4, check: false });
 * assertEquals(words, ["a.ipynb"]);
 * ```
 *
 * @throws {UserError} On an unknown option, with the nearest known one; on a
 * missing or unacceptable value; on a word where none is expected.
 * @throws {HelpRequest} On `--help` or `-h`.
 */
export function parseOptions<const Options extends Record<string, Option>>(
  spec: OptionsSpec<Options>,
  args: readonly string[],
): ParsedOptions<Options> {
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      Object.entries(spec.options).map(([name, option]) => [
        name,
        { type: option.type === "boolean" ? "boolean" : "string" },
      ]),
    ),
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values: Record<string, boolean | number | string | undefined> = {};
  for (const [name, option] of Object.entries(spec.options)) {
    values[name] = option.type === "boolean" ? false : option.default;
  }
  const words: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (spec.words === undefined) {
        throw new UserError(
          `Unexpected word "${token.value}": the call is "${spec.usage}".`,
        );
      }
      words.push(token.value);
    }
    if (token.kind !== "option") continue;
    if (token.name === "help" || token.rawName === "-h") {
      throw new HelpRequest(helpText(spec));
    }
    const option = Object.hasOwn(spec.options, token.name)
      ? spec.options[token.name]
      : undefined;
    if (option === undefined) throw unknownOption(token.name, spec);
    if (option.type === "boolean") {
      if (token.value !== undefined) {
        throw new UserError(
          `Option --${token.name} takes no value, not "${token.value}".`,
        );
      }
      values[token.name] = true;
      continue;
    }
    if (
      token.value === undefined ||
      (token.inlineValue === false && token.value.startsWith("--"))
    ) {
      throw new UserError(`Option --${token.name} needs a value.`);
    }
    values[token.name] = option.type === "number"
      ? checkNumber(token.name, token.value, option)
      : checkChoice(token.name, token.value, option);
  }
  return {
    options: values as ParsedOptions<Options>["options"],
    words,
  };
}
