import { assertEquals } from "@std/assert";
import {
  declaredTypes,
  type DocNode,
  ownDocErrors,
  parameterFaults,
} from "@/tasks/gate/check_documentation.ts";

Deno.test("declaredTypes finds types of every kind", () => {
  const source = "export interface A {}\ntype B = string;\n" +
    "export abstract class C {}\nconst d = 1;\n  export declare enum E {}";
  assertEquals(declaredTypes(source), ["A", "B", "C", "E"]);
});

Deno.test("ownDocErrors keeps the project's errors alone", () => {
  const own = "error[missing-jsdoc]: exported symbol is missing JSDoc\n" +
    "  --> /p/lib/a/mod.ts:3:1";
  const ownType = "error[private-type-ref]: public type 'f' references " +
    "private type 'Ours'\n  --> /p/lib/a/b.ts:3:1";
  const output = [
    "error[missing-jsdoc]: exported symbol is missing JSDoc\n" +
    "  --> /p/node_modules/x/y.d.ts:3:1",
    own,
    "error[private-type-ref]: public type 'f' references private type " +
    "'Tensor'\n  --> /p/lib/a/b.ts:3:1",
    `${ownType}\n\nerror: Found 4 documentation lint errors.\n`,
  ].join("\n\n");
  const ours = new Set(["Ours"]);
  assertEquals(ownDocErrors(output, ours, "/p/lib"), [own, ownType]);
  assertEquals(ownDocErrors(output, ours, "/p/lib/a/b.ts"), [ownType]);
});

Deno.test("parameterFaults compares parameters with their tags", () => {
  const location = { filename: "file:///p/lib/a.ts", line: 3 };
  const identifier = (name: string) => ({ kind: "identifier", name });
  const tag = (name: string, doc = "Text.") => ({ kind: "param", name, doc });
  const faults = (node: Partial<DocNode>) =>
    parameterFaults({
      nodes: {
        "file:///p/lib/a.ts": {
          symbols: [{
            name: "add",
            declarations: [{ kind: "function", location, ...node }],
          }],
        },
      },
    }, "file:///p/");
  const params = [
    identifier("a"),
    { kind: "assign", left: identifier("b") },
    { kind: "object" },
  ];
  const def = { params };
  assertEquals(
    faults({
      def,
      jsDoc: { tags: [tag("a"), tag("b"), tag("options"), tag("options.c")] },
    }),
    [],
  );
  assertEquals(faults({ def, jsDoc: { tags: [tag("a"), tag("b", " ")] } }), [
    'lib/a.ts:3 add: no @param for "b"; ' +
    "no @param for the destructured parameter.",
  ]);
  assertEquals(faults({ jsDoc: { tags: [tag("a")] } }), [
    'lib/a.ts:3 add: there is no parameter "a".',
  ]);
  const method = { name: "b", location, functionDef: { params: [params[0]!] } };
  assertEquals(faults({ kind: "class", def: { methods: [method] } }), [
    'lib/a.ts:3 add.b: no @param for "a".',
  ]);
  const secret = { ...method, accessibility: "private" };
  assertEquals(faults({ kind: "class", def: { methods: [secret] } }), []);
});
