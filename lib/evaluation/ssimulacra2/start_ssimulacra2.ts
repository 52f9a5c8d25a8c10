/**
 * SSIMULACRA 2, a measure of quality that follows the eye: 90 is taken for the
 * original, 70 is high, 50 medium and 30 low quality. J. Sneyers and others,
 * <https://github.com/cloudinary/ssimulacra2>.
 *
 * It is computed by the crate `ssimulacra2` of the rust-av project, in a process
 * of its own and for measuring alone. On eight photos, coded by JPEG, WebP and
 * AVIF, its scores differ from the reference in libjxl 0.11.2 by at most 0.033.
 * The package of the same name for Python differs by up to 4.9.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@/errors/user_error.ts";
import { readLines } from "@/files/read_lines.ts";
import type { Pixels } from "@/images/mod.ts";

/** Scores images by SSIMULACRA 2; dispose of it to end its process. */
export interface Ssimulacra2 extends AsyncDisposable {
  /** Name and version of the library, which are part of a cache's key. */
  readonly library: string;
  /**
   * Scores an image.
   *
   * @param image The image, 8-bit sRGB.
   * @param original What it should be, of the same size.
   * @returns At most 100, which equal images have; negative for bad ones.
   * @throws {Error} If the process has ended.
   */
  readonly score: (image: Pixels, original: Pixels) => Promise<number>;
}

const LIBRARY = "ssimulacra2 0.5.1";

/**
 * Finds where the program is built.
 *
 * @param root The checkout.
 * @returns Path of the program, which need not exist.
 */
export function ssimulacra2Program(root: string): string {
  return join(root, ".cache", "ssimulacra2", "release", "score");
}

/**
 * Builds the program by cargo, unless that was done before, and starts it.
 *
 * @param root The checkout.
 * @param onBuild Called before it is built, which takes about a minute.
 * @returns The running program.
 * @throws {UserError} If it cannot be built.
 */
export async function startSsimulacra2(
  root: string,
  onBuild: () => void,
): Promise<Ssimulacra2> {
  const program = ssimulacra2Program(root);
  if (!await Deno.stat(program).then(() => true, () => false)) {
    onBuild();
    await build(join(root, ".cache", "ssimulacra2"));
  }
  const process = new Deno.Command(program, {
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const lines = readLines(process.stdout);
  const input = process.stdin.getWriter();
  return {
    library: LIBRARY,
    score: async (image, original) => {
      const { width, height } = original;
      const size = new Uint8Array(Uint32Array.of(width, height).buffer);
      for (const part of [size, original.data, image.data]) {
        // Errors of a process that has ended show in the next line.
        await input.write(new Uint8Array(part)).catch(() => {});
      }
      const { value, done } = await lines.next();
      if (done) throw new Error("The process of SSIMULACRA 2 has ended.");
      return Number(value);
    },
    [Symbol.asyncDispose]: async () => {
      await input.close().catch(() => {});
      await process.status;
    },
  };
}

async function build(folder: string): Promise<void> {
  const manifest = fileURLToPath(new URL("Cargo.toml", import.meta.url));
  const cargo = new Deno.Command("cargo", {
    args: [
      ...["build", "--release", "--locked", "--quiet"],
      ...["--manifest-path", manifest, "--target-dir", folder],
    ],
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await cargo.output().catch(() => {
    throw new UserError("SSIMULACRA 2 needs cargo, which is not installed.");
  });
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  throw new UserError(`SSIMULACRA 2 cannot be built: ${reason}.`);
}
