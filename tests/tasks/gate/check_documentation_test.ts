import { assertEquals } from "@std/assert";
import {
  declaredTypes,
  ownDocErrors,
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
  assertEquals(ownDocErrors(output, new Set(["Ours"])), `${own}\n\n${ownType}`);
});
