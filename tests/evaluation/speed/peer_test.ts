/** A peer in Python, and the protocol that both sides of it speak. */
import { Peer } from "@/evaluation/speed/peer.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { needsPython } from "../../_notebooks.ts";

const python = fileURLToPath(
  new URL("../../../.venv/bin/python", import.meta.url),
);

/** Builds a counter for each variant; its steps fail from the fifth on. */
const SCRIPT = `
from serve_requests import serve

def make():
    def build(variant, size):
        if size < 0:
            raise ValueError("The size is negative.\\nMore.")
        print("This is no answer.")
        calls = []

        def step():
            calls.append(size)
            if len(calls) > 4:
                raise RuntimeError(f"{variant} was called {len(calls)} times")

        return step

    return build, {"counter": "1"}

serve(make, 2)
`;

async function withPeer(
  work: (
    peer: Peer<{ readonly variant: string; readonly size: number }>,
  ) => Promise<void>,
): Promise<void> {
  const script = await Deno.makeTempFile({ suffix: ".py" });
  await Deno.writeTextFile(script, SCRIPT);
  try {
    await using peer = await Peer.start<{ variant: string; size: number }>({
      python,
      script,
      name: "Counter",
      args: [],
    });
    await work(peer);
  } finally {
    await Deno.remove(script);
  }
}

Deno.test(
  "a peer in Python builds and warms up what it is asked for once",
  needsPython,
  async () => {
    await withPeer(async (peer) => {
      assertEquals(peer.versions, { counter: "1" });
      const request = { variant: "a", size: 1 };
      assertEquals((await peer.time(request, 2)).length, 2);
      // Two steps to warm up and two of the request came before.
      await assertRejects(
        () => peer.time(request, 1),
        Error,
        "a: a was called 5 times.",
      );
      assertEquals((await peer.time({ variant: "b", size: 1 }, 1)).length, 1);
    });
  },
);

Deno.test(
  "a peer answers what it cannot build with the first line of why",
  needsPython,
  async () => {
    await withPeer(async (peer) => {
      const error = await assertRejects(
        () => peer.time({ variant: "a", size: -1 }, 1),
        Error,
      );
      assertEquals(error.message, "a: The size is negative.");
    });
  },
);

Deno.test("a peer that does not start is named with its Python", async () => {
  const script = await Deno.makeTempFile({ suffix: ".py" });
  try {
    await assertRejects(
      () => Peer.start({ python, script, name: "Silent", args: [] }),
      Error,
      `Silent did not start in "${python}".`,
    );
  } finally {
    await Deno.remove(script);
  }
});
