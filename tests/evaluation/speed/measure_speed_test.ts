/** The speed of codecs, on a photo of few pixels, beside a peer that is told. */
import { encodeImage } from "@/codec/mod.ts";
import { writeImage } from "@/images/mod.ts";
import type { CompressaiTiming } from "@/evaluation/speed/compressai.ts";
import {
  measureSpeed,
  speedPhoto,
  type SpeedPlan,
} from "@/evaluation/speed/measure_speed.ts";
import { Peer } from "@/evaluation/speed/peer.ts";
import { UserError } from "@/errors/user_error.ts";
import { tf } from "@/tensorflow/mod.ts";
import {
  assertAlmostEquals,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { drawPicture, withTinyModel } from "../../codec/_tiny_model.ts";

/** A peer that takes 7 ms to encode and 3 ms to decode. */
const PEER = `
const answer = (value) => console.log(JSON.stringify(value));
answer({ versions: { compressai: "0", threads: Deno.args[0] } });
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
for await (const text of lines) {
  for (const line of text.trim().split("\\n")) {
    const { variant, width, height } = JSON.parse(line);
    if (width !== 64 || height !== 48) answer({ error: "Another size." });
    else answer({ ms: [variant === "encode" ? 7 : 3] });
  }
}
`;

async function withPeer(
  work: (peer: Peer<CompressaiTiming>) => Promise<void>,
): Promise<void> {
  const script = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(script, PEER);
    const python = Deno.execPath();
    await using peer = await Peer.start<CompressaiTiming>({
      python,
      script,
      name: "CompressAI",
      args: ["2"],
    });
    await work(peer);
  } finally {
    await Deno.remove(script);
  }
}

Deno.test("all codecs are timed at both sizes, and the coder", async () => {
  await withTinyModel(async (loaded) => {
    const before = tf.memory().numTensors;
    const photo = drawPicture(64, 48, "speed");
    const plan: SpeedPlan = {
      loaded,
      model: "0123456789abcdef",
      quality: 80,
      photo,
      name: "drawn",
      threads: 2,
      seconds: 0,
      leastRounds: 2,
      coder: { seconds: 0, values: 1000 },
    };
    await withPeer(async (peer) => {
      const speed = await measureSpeed({ ...plan, peer });
      assertEquals(speed.rows.map(({ id }) => id), [
        "ours",
        "webp",
        "webpDefault",
        "avif",
        "avifDefault",
        "bmshj2018-hyperprior",
      ]);
      const [own, ...rest] = speed.rows;
      const file = await encodeImage(loaded, photo, { quality: 80 });
      assertEquals(own!.bytes, file.length);
      for (const row of speed.rows.slice(0, -1)) {
        assertGreater(row.encodeMs, 0);
        assertGreater(row.decodeHighMs, 0);
        assertGreater(row.decodeMediumMs!, 0);
      }
      const { id, encodeMs, decodeHighMs, decodeMediumMs } = rest.at(-1)!;
      assertEquals([encodeMs, decodeHighMs, decodeMediumMs], [7, 3, undefined]);
      assertAlmostEquals(speed.timesOurs[id]!.encode, 7 / own!.encodeMs, 1e-9);
      assertEquals(speed.peer!.versions, { compressai: "0", threads: "2" });
      assertEquals(speed.rounds, 2);
      assertEquals(speed.coder.length, 5);
      for (const { encodeNs, decodeNs } of speed.coder) {
        assertGreater(encodeNs, 0);
        assertGreater(decodeNs, 0);
      }
    });
    assertEquals(tf.memory().numTensors, before);
  });
});

Deno.test("the photo is the middle of the first that is large enough", async () => {
  const folder = await Deno.makeTempDir({ prefix: "onecode_test_" });
  try {
    const photos = await Promise.all(
      [[40, 30], [20, 60], [44, 34]].map(async ([width, height], i) => {
        const path = `${folder}/${i}.png`;
        await writeImage(path, drawPicture(width!, height!, `${i}`));
        return { name: `photo ${i}`, path, split: "test", sha256: "" } as const;
      }),
    );
    const set = { name: "few", file: "few", fingerprint: "", photos };
    const { name, photo } = await speedPhoto(set, 42, 32);
    assertEquals([name, photo.width, photo.height], ["photo 2", 42, 32]);
    const whole = drawPicture(44, 34, "2");
    const middle = whole.data.subarray(3 * (44 + 1), 3 * (44 + 1) + 3);
    assertEquals(photo.data.subarray(0, 3), middle);
    await assertRejects(
      () => speedPhoto(set, 100, 50),
      UserError,
      'No photo of "few" has 100x50 pixels to time codecs on.',
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
