/** Small clips for the tests of this room, where ffmpeg is installed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makePhotoSet, type Photo, type Split } from "@/datasets/mod.ts";
import { type ClipSet, findFfmpeg } from "@/datasets/mod.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { sha256Hex } from "@/files/sha256.ts";

/** Options of tests that need ffmpeg; nothing is downloaded for a test. */
export const needsFfmpeg = {
  ignore: !existsSync(join(PROJECT_ROOT, ".cache/ffmpeg-venv/installed.txt")),
};

/** Writes a clip of ffmpeg's own pictures. */
export async function writeClip(
  path: string,
  pictures: string,
  frames: number,
): Promise<void> {
  const input = ["-f", "lavfi", "-i", pictures];
  await makeClip(path, ...input, "-frames:v", `${frames}`, "-bitexact");
}

/** Writes a clip by ffmpeg's arguments. */
export async function makeClip(
  path: string,
  ...args: readonly string[]
): Promise<void> {
  const { success, stderr } = await new Deno.Command(await findFfmpeg(), {
    args: ["-v", "error", "-y", ...args, path],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** A set whose segments are grey and differ, without any file. */
export function greySet(counts: Readonly<Record<Split, number>>): ClipSet {
  const photos = (["train", "valid", "test"] as const).flatMap((split) =>
    Array.from({ length: counts[split] }, (_, i): Photo => {
      const name = `${split}${i}`;
      return { name, path: "", split, sha256: sha256Hex(name) };
    })
  );
  return {
    ...makePhotoSet("grey", photos),
    segments: (_, side, { frames, most, random }) =>
      Promise.resolve(Array.from(
        { length: most },
        () =>
          new Uint8Array(frames * side * side * 3)
            .fill(Math.floor(random() * 256)),
      )),
  };
}
