/** Answers find their questions, whatever the order. */
import { workerCodec, type WorkerPort } from "@/web/worker_client.ts";
import { assertEquals, assertRejects } from "@std/assert";

function port(): WorkerPort & { asked: { id: number; kind: string }[] } {
  const asked: { id: number; kind: string }[] = [];
  return {
    onmessage: null,
    onerror: null,
    asked,
    postMessage: (message) => asked.push(message as typeof asked[number]),
  };
}

function answer(worker: WorkerPort, data: unknown): void {
  worker.onmessage!(new MessageEvent("message", { data }));
}

Deno.test("answers in another order reach their questions", async () => {
  const worker = port();
  const codec = workerCodec(worker);
  const started = codec.start("weights", "wasm/", "cpu");
  const decoded = codec.decode(Uint8Array.of(1), "medium");
  const [first, second] = worker.asked;
  assertEquals(
    first,
    {
      kind: "start",
      model: "weights",
      wasm: "wasm/",
      backend: "cpu",
      id: 0,
    } as typeof first,
  );
  answer(worker, { id: second!.id, is: "failed", message: "It is damaged." });
  answer(worker, { id: first!.id, is: "done", result: { backend: "cpu" } });
  await assertRejects(() => decoded, Error, "It is damaged.");
  assertEquals(await started as unknown, { backend: "cpu" });
});

Deno.test("a group of a clip is opened, and its frames are asked for one by one", async () => {
  const worker = port();
  const codec = workerCodec(worker);
  const started = codec.start("weights", "wasm/", undefined, "clip weights");
  const opened = codec.openGroup(Uint8Array.of(1), 2, Uint8Array.of(3), "high");
  const frame = codec.nextFrame();
  assertEquals(worker.asked as unknown, [
    ...[{
      ...{ kind: "start", model: "weights", wasm: "wasm/", id: 0 },
      clipModel: "clip weights",
    }],
    {
      ...{ kind: "group", header: Uint8Array.of(1), index: 2, id: 1 },
      ...{ bytes: Uint8Array.of(3), size: "high" },
    },
    { kind: "frame", id: 2 },
  ]);
  answer(worker, { id: 0, is: "done", result: { backend: "wasm" } });
  answer(worker, { id: 1, is: "done", result: undefined });
  answer(worker, { id: 2, is: "done", result: {} });
  await started;
  assertEquals(await opened, undefined);
  assertEquals(await frame, {});
});

Deno.test("a worker that does not start fails what was asked", async () => {
  const worker = port();
  const codec = workerCodec(worker);
  const decoded = codec.decode(Uint8Array.of(1), "high");
  worker.onerror!(new ErrorEvent("error", { message: "no such file" }));
  await assertRejects(
    () => decoded,
    Error,
    "The decoder does not start: no such file",
  );
  // It does not hang what is asked later, either.
  await assertRejects(
    () => codec.start("weights", "wasm/"),
    Error,
    "The decoder does not start: no such file",
  );
});
