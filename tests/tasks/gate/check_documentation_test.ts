import { assertEquals } from "@std/assert";
import {
  type DocNode,
  parameterFaults,
  undocumented,
} from "@/tasks/gate/check_documentation.ts";

Deno.test("undocumented keeps the exports of a folder that have no words", () => {
  const message = "error[missing-jsdoc]: exported symbol is missing JSDoc";
  const own = `${message}\n  --> /p/lib/a/b.ts:3:1`;
  const other = `${message}\n  --> /p/lib/c.ts:3:1`;
  const output = [
    `${message}\n  --> /p/node_modules/x/y.d.ts:3:1`,
    own,
    "error[private-type-ref]: public type 'f' references private type " +
    "'Tensor'\n  --> /p/lib/a/b.ts:3:1",
    `${other}\n\nerror: Found 4 documentation lint errors.\n`,
  ].join("\n\n");
  assertEquals(undocumented(output, "/p/lib"), [own, other]);
  assertEquals(undocumented(output, "/p/lib/a/b.ts"), [own]);
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
