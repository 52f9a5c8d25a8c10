/** The npm package in a folder of its own, without a network. */
import { dirname, join } from "node:path";
import { PROJECT_ROOT } from "@/files/project_root.ts";
import { WEIGHTS_FILE } from "@/tasks/codec_files/read_model.ts";
import {
  packageFiles,
  readPackedWeights,
} from "@/tasks/package/package_files.ts";

/**
 * Installs the package into a folder, and links what it needs. Returns the name
 * of its weights.
 */
export async function installPackage(folder: string): Promise<string> {
  const weights = await readPackedWeights(WEIGHTS_FILE);
  const modules = join(folder, "node_modules");
  for (const [path, content] of await packageFiles(PROJECT_ROOT, weights)) {
    const file = join(modules, "onecode", path);
    await Deno.mkdir(dirname(file), { recursive: true });
    if (typeof content === "string") await Deno.writeTextFile(file, content);
    else await Deno.writeFile(file, content);
  }
  await Deno.mkdir(join(modules, "@tensorflow"));
  for (
    const name of ["tfjs-core", "tfjs-backend-wasm"]
      .map((name) => `@tensorflow/${name}`).concat("sharp")
  ) {
    await Deno.symlink(
      join(PROJECT_ROOT, "node_modules", name),
      join(modules, name),
    );
  }
  await Deno.writeTextFile(
    join(folder, "package.json"),
    JSON.stringify({ type: "module", private: true }),
  );
  return weights.name;
}
