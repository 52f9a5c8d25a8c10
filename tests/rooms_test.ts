/** The rooms of lib: who may import whom, as the README draws it. */
import { assert, assertEquals } from "@std/assert";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const root = resolve(import.meta.dirname ?? ".", "..");
const files = globSync("lib/**/*.ts", { cwd: root }).sort();
const imports = new Map(files.map((file) => [file, importsOf(file)]));

/** The rooms from top to bottom: the lines below `lib/` in the README. */
function rooms(): string[] {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const [, drawing = ""] = readme.match(/\n {4}lib\/.*\n((?: {6}.*\n)+)/) ?? [];
  return [...drawing.matchAll(/^ {6}(\w+)\//gm)].map(([, room]) => room!);
}

/** The files of lib that a file imports, types included. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8")
    .replaceAll(/\/\*[\s\S]*?\*\//g, "");
  return [...text.matchAll(/(?:from|import)\s*\(?\s*"(@\/|\.\.?\/)([^"]+)"/g)]
    .map(([, start, path]) =>
      start === "@/" ? `lib/${path}` : join(dirname(file), start!, path!)
    );
}

/** What can be reached from itself, as "a → b → a". */
function circles(graph: ReadonlyMap<string, Iterable<string>>): string[] {
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (node: string, path: string[]) => {
    const from = path.indexOf(node);
    if (from >= 0) found.push([...path.slice(from), node].join(" → "));
    if (from >= 0 || finished.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...path, node]);
    finished.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return found;
}

Deno.test("the README draws every room of lib", () => {
  const folders = new Set(files.map((file) => file.split("/")[1]!));
  assertEquals(rooms().sort(), [...folders].sort());
});

Deno.test("a room imports only from itself and those below it", () => {
  const order = rooms();
  const place = (file: string) => order.indexOf(file.split("/")[1]!);
  const upward = [...imports].flatMap(([file, targets]) =>
    targets.filter((target) => place(target) < place(file))
      .map((target) => `${file} imports ${target}`)
  );
  assertEquals(upward, []);
});

Deno.test("neither files nor folders import each other in circles", () => {
  const folders = new Map<string, Set<string>>();
  for (const [file, targets] of imports) {
    const others = folders.get(dirname(file)) ?? new Set();
    for (const target of targets) {
      if (dirname(target) !== dirname(file)) others.add(dirname(target));
    }
    folders.set(dirname(file), others);
  }
  assertEquals(circles(imports), []);
  assertEquals(circles(folders), []);
});

Deno.test("no folder of lib has more than 20 files side by side", () => {
  const counts = Map.groupBy(files, dirname);
  const wide = [...counts].filter(([, { length }]) => length > 20);
  assertEquals(wide.map(([folder]) => folder), []);
});

Deno.test("a circle is found, and a tree has none", () => {
  const graph = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]]);
  assertEquals(circles(graph), ["b → c → b"]);
  assertEquals(circles(new Map([["a", ["b", "c"]], ["b", ["c"]]])), []);
  assert(files.length > 100);
});

Deno.test("no two files export different things of one name", () => {
  const places = files.flatMap((file) => {
    const text = readFileSync(join(root, file), "utf8")
      .replaceAll(/\/\*[\s\S]*?\*\//g, "");
    const declared =
      /^export (?:async )?(?:abstract )?(?:function\*?|class|const|interface|type) (\w+)/gm;
    return [...text.matchAll(declared)].map(([, name]) => ({
      name: name!,
      file,
    }));
  });
  // Every task's entry is its `main`.
  const shared = [...Map.groupBy(places, ({ name }) => name)]
    .filter(([name, all]) =>
      name !== "main" && new Set(all.map(({ file }) => file)).size > 1
    );
  assertEquals(shared.map(([name]) => name), []);
});
