import { JsonProcess } from "@/files/json_process.ts";
import { assertEquals } from "@std/assert";

/** A process that doubles numbers, and ends when it gets null. */
const script = `
console.log('"ready"');
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
for await (const text of lines) {
  for (const line of text.trim().split("\\n")) {
    if (line === "null") Deno.exit();
    console.log(JSON.stringify(2 * JSON.parse(line)));
  }
}`;

Deno.test("a process answers one request after the other until it ends", async () => {
  await using process = new JsonProcess(Deno.execPath(), {
    args: ["eval", script],
  });
  assertEquals(await process.next(), "ready");
  assertEquals(await process.ask(3), 6);
  assertEquals(await process.ask(0.5), 1);
  assertEquals(await process.ask(null), undefined);
  assertEquals(await process.ask(1), undefined);
});
