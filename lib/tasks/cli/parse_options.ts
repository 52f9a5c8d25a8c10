/**
 * The command line of a task: typed values, errors of one sentence and the
 * text of `--help`, all from one description.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { nearestWord } from "@/errors/nearest_word.ts";
import { invalid } from "@/errors/invalid.ts";
import { UserError } from "@/errors/user_error.ts";

/** A flag, `--check`; false unless given. */
export interface BooleanOption {
  /** The kind of option. */
  readonly type: "boolean";
  /** What it does, for `--help`. */
  readonly help: string;
}

/** A text, `--profile quick` or `--profile=quick`. */
export interface StringOption {
  /** The kind of option. */
  readonly type: "string";
  /** What it does, for `--help`. */
  readonly help: string;
  /** The value if the option is not given. */
  readonly default?: string;
  /** The allowed values; any if absent. */
  readonly choices?: readonly string[];
  /** What the value is, for `--help`, such as `"FOLDER"`; `"TEXT"` if absent. */
  readonly value?: string;
}

/** A number, `--steps 4`. */
export interface NumberOption {
  /** The kind of option. */
  readonly type: "number";
  /** What it does, for `--help`. */
  readonly help: string;
  /** The value if the option is not given. */
  readonly default?: number;
  /** The minimum value, inclusive. */
  readonly min?: number;
  /** The maximum value, inclusive. */
  readonly max?: number;
  /** Whether only integers are allowed. */
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
  /** What the words besides options are, such as `"FILES"`; if absent, words
   * are an error. */
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
  /** The value of each option. */
  readonly options: {
    readonly [Name in keyof Options]: OptionValue<Options[Name]>;
  };
  /** The words besides options, in their order. */
  readonly words: readonly string[];
}

/** Thrown for `--help`; its message is the text to print. */
export class HelpRequest extends Error {
  /** The class, for stack traces. */
  override readonly name = "HelpRequest";
}

type Spec = OptionsSpec<Record<string, Option>>;

function helpText({ description, usage, options }: Spec): string {
  const rows = Object.entries(options).map(([name, option]) => {
    if (option.type === "boolean") return [`--${name}`, option.help] as const;
    const value = option.type === "number"
      ? "N"
      : option.choices?.join("|") ?? option.value ?? "TEXT";
    const hasDefault = option.default !== undefined && option.default !== "";
    const preset = hasDefault ? ` (default ${option.default})` : "";
    return [`--${name} ${value}`, option.help + preset] as const;
  });
  rows.push(["--help", "print this help"]);
  const width = Math.max(...rows.map(([left]) => left.length));
  const lines = rows.map(([left, right]) =>
    `  ${left.padEnd(width)}  ${right}`
  );
  return `${description}\n\nUsage: ${usage}\n\n${lines.join("\n")}`;
}

function checkNumber(name: string, text: string, option: NumberOption): number {
  const { integer = false, min = -Infinity, max = Infinity } = option;
  const number = text.trim() === "" ? NaN : Number(text);
  const isValid = Number.isFinite(number) && number >= min && number <= max &&
    (!integer || Number.isInteger(number));
  if (isValid) return number;
  const kind = integer ? "an integer" : "a number";
  const range = min > -Infinity && max < Infinity
    ? ` from ${min} to ${max}`
    : min > -Infinity
    ? ` of at least ${min}`
    : max < Infinity
    ? ` of at most ${max}`
    : "";
  throw new UserError(invalid(`--${name}`, kind + range, text).message);
}

function checkChoice(
  name: string,
  text: string,
  { choices }: StringOption,
): string {
  if (choices?.includes(text) ?? true) return text;
  const allowed = `one of ${choices?.join(", ")}`;
  throw new UserError(invalid(`--${name}`, allowed, text).message);
}

function unknownOption(
  { name, rawName }: { readonly name: string; readonly rawName: string },
  { options, words }: Spec,
): UserError {
  if (!rawName.startsWith("--") && words !== undefined) {
    return new UserError(
      `Unknown option "${rawName}": put "./" before a name that starts with "-".`,
    );
  }
  const names = [...Object.keys(options), "help"];
  const near = nearestWord(name, names);
  const hint = near === undefined
    ? `the options are ${names.map((known) => `--${known}`).join(", ")}.`
    : `did you mean "--${near}"?`;
  return new UserError(`Unknown option "${rawName}": ${hint}`);
}

/**
 * Reads a command line.
 *
 * @param spec The description of the task's options.
 * @param args The command line, without the task's name.
 * @returns The value of each option, and the words.
 * @throws {UserError} If an option is unknown (with the nearest known one), a
 * value is missing or not allowed, or a word is not expected.
 * @throws {HelpRequest} On `--help` or `-h`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseOptions } from "./parse_options.ts";
 *
 * const { options, words } = parseOptions({
 *   usage: "deno task example [FILES…] [--steps N]",
 *   description: "Shows how options are read.",
 *   options: {
 *     steps: { type: "number", help: "steps to take", default: 10, min: 1 },
 *     check: { type: "boolean", help: "change no file" },
 *   },
 *   words: "FILES",
 * }, ["--steps", "4", "a.ipynb"]);
 * assertEquals(options, { steps: 4, check: false });
 * assertEquals(words, ["a.ipynb"]);
 * ```
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
          `Unexpected word "${token.value}"; usage: ${spec.usage}`,
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
    if (option === undefined) throw unknownOption(token, spec);
    if (option.type === "boolean") {
      if (token.value !== undefined) {
        throw new UserError(
          `--${token.name} takes no value, got "${token.value}".`,
        );
      }
      values[token.name] = true;
      continue;
    }
    if (
      token.value === undefined ||
      (token.inlineValue === false && token.value.startsWith("--"))
    ) {
      throw new UserError(`--${token.name} needs a value.`);
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
