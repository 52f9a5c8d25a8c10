/** The demo's clip: what is written, and what is published. */
import { decodeGroup } from "@/codec/decode/decode_clip.ts";
import { parseClipHeader } from "@/codec/format/clip_header.ts";
import { writeDemoClip } from "@/evaluation/demo_clip.ts";
import { decodePixels, writeImage } from "@/images/mod.ts";
import { readSafetensors } from "@/models/safetensors.ts";
import type { DemoClip } from "@/web/clips/demo_clip.ts";
import { assertEquals, assertLess, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { drawPicture, withTinyClipModel } from "../codec/_tiny_model.ts";
import { withFolder } from "../_folder.ts";

const results = fileURLToPath(new URL("../../results/codec", import.meta.url));

Deno.test("the demo's clip is written in groups of a second, with its first frame", async () => {
  await withFolder(async (folder) => {
    const photo = `${folder}/photo.png`;
    await writeImage(photo, drawPicture(90, 80, "photo"));
    await withTinyClipModel(async (loaded) => {
      const list = await writeDemoClip(`${folder}/clip`, loaded, {
        ...{ photo, name: "A photo", motion: "pan", credit: "Photo: me." },
        ...{ side: 32, frames: 5, rate: 3, quality: 40 },
      });
      assertEquals(
        JSON.parse(await Deno.readTextFile(`${folder}/clip/clip.json`)),
        list,
      );
      const bytes = await Deno.readFile(`${folder}/clip/${list.ours.path}`);
      assertEquals(bytes.length, list.ours.bytes);
      const clip = parseClipHeader(bytes);
      const { frames, rate, seconds, groupFrames, places, fileBytes } = clip;
      assertEquals(
        { frames, rate, seconds, groupFrames, fileBytes },
        {
          ...{ frames: 5, rate: 3, seconds: 1, groupFrames: 3 },
          fileBytes: bytes.length,
        },
      );
      assertEquals(places.map(({ frames }) => frames), [3, 2]);
      const read = (from: number, to: number) => bytes.subarray(from, to);
      const [frame] = await Array.fromAsync(
        decodeGroup(loaded, clip, 1, read, { size: "medium" }),
      );
      assertEquals([frame!.width, frame!.height], [16, 16]);
      const poster = await decodePixels(
        await Deno.readFile(`${folder}/clip/${list.poster.path}`),
      );
      assertEquals([poster.width, poster.height], [32, 32]);
    });
  });
});

Deno.test("the published clip is small, credited and of the published weights", async () => {
  const list: DemoClip = JSON.parse(
    await Deno.readTextFile(`${results}/demo/clip/clip.json`),
  );
  assertMatch(list.credit, /^Photo: .+, .+\.$/);
  assertLess(list.ours.bytes, 300_000);
  const file = await Deno.readFile(`${results}/demo/clip/${list.ours.path}`);
  const clip = parseClipHeader(file);
  assertEquals(clip.fileBytes, file.length);
  assertEquals(clip.frames, list.frames);
  for (
    const [id, name] of [
      [clip.model, "weights"],
      [clip.clipModel, "clip_weights"],
    ] as const
  ) {
    const weights = await Deno.readFile(`${results}/${name}.safetensors`);
    assertEquals(id.toHex(), readSafetensors(weights).metadata["id"]);
  }
});
