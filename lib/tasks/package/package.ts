/**
 * `deno task package [--out FOLDER]`: makes the npm package `onecode`, a tarball
 * that `npm install` takes. `deno task element` makes the folder that a page
 * needs for `<onecode-image>`.
 *
 * @module
 */
import { dirname, join, resolve } from "node:path";
import { megabytes, writeError } from "@/files/system_error.ts";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import {
  parseOptions,
  runTask,
  shownPath,
  temporaryFolder,
  UserError,
} from "@/tasks/cli/mod.ts";
import { MODEL_OPTION, WEIGHTS_FILE } from "@/tasks/codec_files/read_model.ts";
import {
  elementFiles,
  PACKAGE_VERSION,
  packageFiles,
  readPackedWeights,
} from "./package_files.ts";
import type { SiteFiles } from "@/tasks/site/site_files.ts";

/** The maximum size of the tarball in bytes. */
const LARGEST = 6_000_000;

/**
 * Runs the task.
 *
 * @param args The command line; the word `element` makes the folder for pages.
 * @throws {UserError} If the options are invalid, there are no weights, or the
 * package is too large.
 */
export async function main(args: string[]): Promise<void> {
  const { options, words } = parseOptions({
    usage: "deno task package [--out FOLDER], deno task element [--out FOLDER]",
    description:
      "Makes the npm package onecode, or the folder that pages need " +
      "for <onecode-image>.",
    words: "element",
    options: {
      out: {
        type: "string",
        value: "FOLDER",
        help: "where the package or the files of the element go " +
          "(default .package or .element, in the project)",
      },
      model: MODEL_OPTION,
    },
  }, args);
  const isElement = words[0] === "element";
  if (words.length > (isElement ? 1 : 0)) {
    throw new UserError(`There is no "${words.at(-1)}" to package.`);
  }
  const weights = await readPackedWeights(options.model ?? WEIGHTS_FILE);
  const preset = join(PROJECT_ROOT, isElement ? ".element" : ".package");
  const out = resolve(options.out ?? preset);
  if (isElement) {
    await writeFiles(out, await elementFiles(PROJECT_ROOT, weights));
    console.log(shownPath(join(out, "onecode-image.js")));
    return;
  }
  using temporary = temporaryFolder("package");
  const files = await packageFiles(PROJECT_ROOT, weights);
  await writeFiles(join(temporary.path, "package"), files);
  const tarball = join(out, `onecode-${PACKAGE_VERSION}.tgz`);
  await Deno.mkdir(out, { recursive: true })
    .catch((error) => Promise.reject(writeError(out, error)));
  const { success, stderr } = await new Deno.Command("tar", {
    args: ["-czf", tarball, "-C", temporary.path, "package"],
  }).output();
  if (!success) throw new UserError(new TextDecoder().decode(stderr).trim());
  const { size } = await Deno.stat(tarball);
  if (size > LARGEST) {
    throw new UserError(
      `The package has ${megabytes(size)}, more than ${megabytes(LARGEST)}.`,
    );
  }
  console.log(`${shownPath(tarball)}: ${megabytes(size)}`);
}

async function writeFiles(folder: string, files: SiteFiles): Promise<void> {
  for (const [path, content] of files) {
    const whole = join(folder, path);
    try {
      await Deno.mkdir(dirname(whole), { recursive: true });
      if (typeof content === "string") await Deno.writeTextFile(whole, content);
      else await Deno.writeFile(whole, content);
    } catch (error) {
      throw writeError(whole, error);
    }
  }
}

if (import.meta.main) await runTask(main);
