import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { readFields } from "@/tensorflow/protobuf.ts";
import { tf } from "@/tensorflow/mod.ts";

const decoder = new TextDecoder();

/** CRC-32C as TFRecord files mask it. */
function maskedCrc(bytes: Uint8Array): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) {
      crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
    }
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The records of an event file, their checksums checked. */
function records(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const found = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    const header = bytes.subarray(at, at + 8);
    assertEquals(view.getUint32(at + 8, true), maskedCrc(header));
    assertEquals(view.getUint32(at + 12 + length, true), maskedCrc(data));
    found.push(data);
    at += 16 + length;
  }
  return found;
}

/** A message's fields by number; the last of each. */
function fields(bytes: Uint8Array<ArrayBuffer>) {
  const values = new Map(
    Array.from(readFields(bytes), ({ number, value }) => [number, value]),
  );
  return {
    number: (at: number) => (values.get(at) ?? 0) as number,
    bytes: (at: number) =>
      (values.get(at) ?? new Uint8Array()) as Uint8Array<ArrayBuffer>,
    text: (at: number) => decoder.decode(values.get(at) as Uint8Array),
  };
}

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

function floats(bytes: Uint8Array): number[] {
  return Array.from(new Float32Array(bytes.slice().buffer));
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
