/**
 * Finds exports without documentation, by `deno doc --lint` on the rooms.
 *
 * @module
 */
import { existsSync, globSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The names of the types that the TypeScript `source` declares. */
export function declaredTypes(source: string): string[] {
  const declaration =
    /^\s*(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|enum) (\w+)/gm;
  return [...source.matchAll(declaration)].map((match) => match[1] ?? "");
}

/**
 * What `deno doc --lint` says of the project itself: a room that passes on
 * names of an npm package, or takes its types, does not answer for that
 * package.
 *
 * @param output The command's output, without colours.
 * @param own The names of the project's types.
 */
export function ownDocErrors(
  output: string,
  own: ReadonlySet<string>,
): string {
  return output.split(/\n(?=error\[)/).filter((block) => {
    if (!block.startsWith("error[")) return false;
    if (/-->.*\/node_modules\//.test(block)) return false;
    const type = /references private type '(\w+)/.exec(block)?.[1];
    return type === undefined || own.has(type);
  }).map((block) => block.replace(/\n+error: Found[\s\S]*$/, "").trimEnd())
    .join("\n\n");
}

/**
 * Lints the documentation of every `lib/*\/mod.ts`.
 *
 * @returns What is wrong; empty where all is well.
 */
export async function checkDocumentation(root: string): Promise<string> {
  const rooms = readdirSync(join(root, "lib"))
    .map((room) => join("lib", room, "mod.ts"))
    .filter((path) => existsSync(join(root, path)));
  if (rooms.length === 0) return "";
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--lint", "--quiet", ...rooms],
    cwd: root,
    env: { NO_COLOR: "1", RUST_BACKTRACE: "0" },
    stdin: "null",
    stdout: "null",
  }).output();
  if (success) return "";
  const output = new TextDecoder().decode(stderr);
  if (!output.includes("error[")) return output;
  const own = new Set<string>();
  for (const path of globSync("lib/**/*.ts", { cwd: root })) {
    const source = await Deno.readTextFile(join(root, path));
    for (const name of declaredTypes(source)) own.add(name);
  }
  return ownDocErrors(output, own);
}
