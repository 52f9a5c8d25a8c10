import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { tf } from "@/tensorflow/mod.ts";
import { fields, floats, records } from "./_events.ts";

/** The step, the tag and the value of the summaries in a folder's file. */
async function summaries(folder: string) {
  const [entry] = Array.from(Deno.readDirSync(folder));
  const events = records(await Deno.readFile(join(folder, entry!.name)));
  assertEquals(fields(events[0]!).text(3), "brain.Event:2");
  return events.slice(1).map((event) => {
    const value = fields(fields(fields(event).bytes(5)).bytes(1));
    return {
      step: fields(event).number(2),
      tag: value.text(1),
      scalar: floats(value.bytes(2)),
      plugin: fields(fields(value.bytes(9)).bytes(1)).text(1),
      tensor: fields(value.bytes(8)),
    };
  });
}

Deno.test("summaryFileWriter() writes scalars that TensorBoard reads", async () => {
  const folder = await Deno.makeTempDir();
  const writer = tf.node.summaryFileWriter(folder);
  writer.scalar("loss", 0.5, 1);
  writer.scalar("loss", tf.scalar(0.25), 200);
  writer.flush();
  const written = await summaries(folder);
  assertEquals(
    written.map(({ step, tag, scalar }) => [step, tag, scalar]),
    [[1, "loss", [0.5]], [200, "loss", [0.25]]],
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("summaryFileWriter() writes histograms", async () => {
  const folder = await Deno.makeTempDir();
  const writer = tf.node.summaryFileWriter(folder);
  writer.histogram("weights", tf.tensor1d([0, 1, 1, 2]), 7, 2, "of a layer");
  writer.histogram("single", tf.tensor1d([3, 3]), 8);
  writer.flush();
  const [weights, single] = await summaries(folder);
  assertEquals(
    [weights!.step, weights!.tag, weights!.plugin],
    [7, "weights", "histograms"],
  );
  // [left, right, count] for each of 2 buckets
  assertEquals(floats(weights!.tensor.bytes(4)), [0, 1, 1, 1, 2, 3]);
  assertEquals(floats(single!.tensor.bytes(4)), [2.5, 3.5, 2]);
  await Deno.remove(folder, { recursive: true });
});
