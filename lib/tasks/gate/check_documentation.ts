/**
 * Checks that all exports are documented: `deno doc --lint` finds those without
 * a word, and the parameters are compared with their `@param` tags.
 *
 * `deno run -A lib/tasks/gate/check_documentation.ts [FOLDER]` prints what is
 * missing in a folder or file, all of `lib` by default.
 *
 * @module
 */
import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { runDeno } from "./run_deno.ts";

/** A parameter, as `deno doc --json` describes it. */
export interface DocParameter {
  /** Such as `"identifier"` or `"object"`, which is a destructured one. */
  readonly kind: string;
  /** Of an identifier. */
  readonly name?: string;
  /** The parameter itself, where it has a default. */
  readonly left?: DocParameter;
  /** The parameter itself, where it takes the rest. */
  readonly arg?: DocParameter;
}

/** A function, method, constructor or class in the output of `deno doc`. */
export interface DocNode {
  /** Such as `"function"` or `"class"`. */
  readonly kind?: string;
  /** Of a method or constructor. */
  readonly name?: string;
  /** Where it is declared; lines count from 1. */
  readonly location: { readonly filename: string; readonly line: number };
  /** Its documentation. */
  readonly jsDoc?: {
    readonly tags?: readonly {
      readonly kind: string;
      readonly name?: string;
      readonly doc?: string;
    }[];
  };
  /** Such as `"private"`. */
  readonly accessibility?: string;
  /** Whether the documentation of a base class holds. */
  readonly isOverride?: boolean;
  /** Of a constructor. */
  readonly params?: readonly DocParameter[];
  /** Of a method. */
  readonly functionDef?: { readonly params?: readonly DocParameter[] };
  /** Of a function or class. */
  readonly def?: {
    readonly params?: readonly DocParameter[];
    readonly constructors?: readonly DocNode[];
    readonly methods?: readonly DocNode[];
  };
}

/** The part of the output of `deno doc --json` that is used here. */
export interface DocJson {
  /** The exports of each module. */
  readonly nodes: Readonly<
    Record<string, {
      readonly symbols: readonly {
        readonly name: string;
        readonly declarations: readonly DocNode[];
      }[];
    }>
  >;
}

/**
 * Lists the parameters without a word, and the `@param` tags without a
 * parameter, of exported functions and of the methods of exported classes.
 * A destructured parameter may have any name in its tag; one whose name begins
 * with `_` needs none.
 *
 * @param json The output of `deno doc --json`.
 * @param folder Only modules below it count; its URL, with a slash at the end.
 * @returns A line for each function, such as
 * `lib/a.ts:3 add: no @param for "b".`
 */
export function parameterFaults(json: DocJson, folder: string): string[] {
  const faults = new Set<string>();
  const check = (name: string, node: DocNode) => {
    const { filename, line } = node.location;
    if (!filename.startsWith(folder)) return;
    const fault = faultOf(node);
    const path = filename.slice(folder.length);
    if (fault !== "") faults.add(`${path}:${line} ${name}: ${fault}.`);
  };
  for (const { symbols } of Object.values(json.nodes)) {
    for (const { name, declarations } of symbols) {
      for (const node of declarations) {
        if (node.kind === "function") check(name, node);
        if (node.kind !== "class") continue;
        const { constructors = [], methods = [] } = node.def ?? {};
        for (const method of [...constructors, ...methods]) {
          if (method.accessibility === "private" || method.isOverride) continue;
          check(`${name}.${method.name}`, method);
        }
      }
    }
  }
  const { compare } = new Intl.Collator("en", { numeric: true });
  return [...faults].sort(compare);
}

/** What is wrong with the tags of one function; empty where all is well. */
function faultOf({ jsDoc, def, params, functionDef }: DocNode): string {
  const names = (params ?? functionDef?.params ?? def?.params ?? [])
    .map(parameterName);
  // A tag such as "options.seed" describes a part of a parameter.
  const described = (jsDoc?.tags ?? [])
    .filter(({ kind, name = "", doc = "" }) =>
      kind === "param" && !name.includes(".") && doc.trim() !== ""
    ).map(({ name }) => name);
  const faults = names
    .filter((name) =>
      name !== undefined && !name.startsWith("_") && !described.includes(name)
    )
    .map((name) => `no @param for "${name}"`);
  const others = described.filter((name) => !names.includes(name));
  const unnamed = names.filter((name) => name === undefined).length;
  if (others.length < unnamed) {
    faults.push("no @param for the destructured parameter");
  } else if (others.length > unnamed) {
    faults.push(`there is no parameter "${others.join('", "')}"`);
  }
  return faults.join("; ");
}

/** The name of a parameter; undefined where it is destructured. */
function parameterName(parameter: DocParameter): string | undefined {
  const inner = parameter.left ?? parameter.arg;
  if (inner !== undefined) return parameterName(inner);
  return parameter.kind === "identifier" ? parameter.name : undefined;
}

/**
 * Finds exports without any documentation.
 *
 * @param output The output of `deno doc --lint`, without colours. Its other
 * rules are not used, since a module may keep types to itself and may export
 * those of npm packages.
 * @param folder The path of the folder or file to look at.
 * @returns The errors.
 */
export function undocumented(output: string, folder: string): string[] {
  return output.split(/\n(?=error)/).map((block) => block.trimEnd())
    .filter((block) =>
      block.startsWith("error[missing-jsdoc]") &&
      block.includes(`--> ${folder}`) && !block.includes("/node_modules/")
    );
}

/**
 * Checks the documentation of all modules below a folder.
 *
 * @param root The checkout.
 * @param folder A folder or file, relative to it.
 * @returns What is wrong; empty where all is well.
 */
export async function checkDocumentation(
  root: string,
  folder = "lib",
): Promise<string> {
  const paths = globSync("lib/**/*.ts", { cwd: root }).sort();
  if (paths.length === 0) return "";
  const [lint, json] = await Promise.all([
    runDeno(["doc", "--quiet", "--lint", ...paths], root),
    runDeno(["doc", "--quiet", "--json", ...paths], root),
  ]);
  if (!json.success) return json.stderr;
  const faults = parameterFaults(
    JSON.parse(json.stdout),
    `${pathToFileURL(root)}/`,
  );
  return [
    ...undocumented(lint.stderr, join(root, folder)),
    ...faults.filter((line) => line.startsWith(folder)),
  ].join("\n");
}

if (import.meta.main) {
  const faults = await checkDocumentation(PROJECT_ROOT, Deno.args[0]);
  if (faults !== "") console.log(faults);
  Deno.exit(faults === "" ? 0 : 1);
}
