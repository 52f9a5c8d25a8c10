/**
 * Installs the library of TensorFlow that the engine binds to: TensorFlow's
 * wheel, whose checksum is pinned, is fetched from the Python Package Index, and
 * the libraries are taken out of it, without Python.
 * `ONECODE_TENSORFLOW_WHEEL` names a wheel that is there already.
 *
 * @see {@link https://packaging.python.org/en/latest/specifications/simple-repository-api/}
 * @module
 */
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DatasetError } from "@/datasets/photos/dataset_error.ts";
import { downloadFile } from "@/datasets/photos/download.ts";
import { UserError } from "@/errors/user_error.ts";
import { sha256File } from "@/files/sha256.ts";
import { bytesIn, eachSecond, inMegabytes } from "./count_bytes.ts";
import { explainFailure } from "./explain_failure.ts";
import { type LoggedOptions, runStep } from "./run_logged.ts";
import { tensorflowPins } from "./stamp.ts";
import type { Workspace } from "./workspace.ts";

/** How {@linkcode installEngine} works and what it tells. */
export interface EngineOptions extends LoggedOptions {
  /** The value of `ONECODE_TENSORFLOW_WHEEL`. */
  readonly wheel: string | undefined;
  /** Address of the package index; by default that of `PIP_INDEX_URL`. */
  readonly index?: string;
  /** Called with what happens, such as `"12 of 274 MB"`. */
  readonly onDetail: (text: string) => void;
}

const PROGRAM = fileURLToPath(new URL("take_libraries.ts", import.meta.url));

/** The package index, unless `PIP_INDEX_URL` names a mirror of it. */
const PYPI = "https://pypi.org/simple";

/** What the marker of a machine's pin contains. */
const MARKERS: Readonly<Record<string, string>> = {
  "linux-x86_64": `"x86_64"`,
  "linux-aarch64": `"aarch64"`,
  "darwin-aarch64": `"darwin"`,
};

/**
 * Installs TensorFlow's library without CUDA in `.venv/tensorflow`.
 *
 * @param workspace The checkout; npm's packages are installed.
 * @param options How it is done.
 * @throws {UserError} If the wheel cannot be fetched, or is not the pinned one.
 */
export async function installEngine(
  workspace: Workspace,
  options: EngineOptions,
): Promise<void> {
  const { wheel, onDetail } = options;
  const download = join(workspace.venv, "download");
  const folder = join(download, "tensorflow");
  await remove(folder);
  await Deno.mkdir(folder, { recursive: true });
  const path = wheel
    ? await checkWheel(workspace, wheel)
    : await fetchWheel(workspace, download, options);
  try {
    using _ = eachSecond(() =>
      onDetail(`unpacking, ${inMegabytes(bytesIn(folder))}`)
    );
    await runStep(
      "Unpacking TensorFlow",
      Deno.execPath(),
      ["run", "-A", PROGRAM, path, folder],
      { ...options, env: { NO_COLOR: "1" } },
    );
    await remove(workspace.engine);
    await Deno.rename(folder, workspace.engine);
  } finally {
    await remove(download);
  }
}

/** Fetches the wheel; what has arrived is kept if this fails or is stopped. */
async function fetchWheel(
  workspace: Workspace,
  download: string,
  { index, onDetail, signal }: EngineOptions,
): Promise<string> {
  const pins = Deno.readTextFileSync(tensorflowPins(workspace, "cpu"));
  const marker = MARKERS[`${Deno.build.os}-${Deno.build.arch}`] ?? "none";
  const line = pins.split("\n").find((line) => line.includes(marker)) ?? "";
  const [, name, sha256] = /^([\w-]+)==.*sha256:(\w+)$/.exec(line) ?? [];
  if (name === undefined || sha256 === undefined) {
    throw new UserError("No wheel of TensorFlow is pinned for this machine.");
  }
  onDetail("asking for the wheel");
  const pages = index ?? (Deno.env.get("PIP_INDEX_URL") || PYPI);
  const url = await findWheel(`${pages.replace(/\/$/, "")}/${name}/`, sha256);
  const path = join(download, `${sha256}.whl`);
  try {
    await downloadFile({ url, path, sha256 }, {
      signal,
      onProgress: ({ phase, done, total }) =>
        onDetail(total ? inMegabytes(1e6 * done, 1e6 * total) : phase),
    });
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw explainFailure("Downloading TensorFlow", error.message);
  }
  return path;
}

/**
 * Finds the file of a checksum on a package's page, in either of the forms that
 * an index may answer in: JSON, or HTML with the checksum behind each link.
 */
async function findWheel(page: string, sha256: string): Promise<string> {
  let text: string;
  try {
    const response = await fetch(page, {
      headers: {
        accept: "application/vnd.pypi.simple.v1+json, text/html;q=0.5",
      },
    });
    text = await response.text();
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw explainFailure("Asking the package index", `${page}: ${reason}`);
  }
  const link = text.trimStart().startsWith("{")
    ? (JSON.parse(text) as IndexPage).files
      .find(({ hashes }) => hashes["sha256"] === sha256)?.url
    : new RegExp(`href="([^"#]+)#sha256=${sha256}"`).exec(text)?.[1];
  if (link !== undefined) return new URL(link, page).href;
  throw new UserError(
    `The package index has no file with the pinned checksum at ${page}.`,
  );
}

/** What is used of an index's answer. */
interface IndexPage {
  readonly files: readonly {
    readonly url: string;
    readonly hashes: Readonly<Record<string, string>>;
  }[];
}

/** Checks that a file is a wheel whose checksum is pinned; returns its path. */
async function checkWheel(
  workspace: Workspace,
  wheel: string,
): Promise<string> {
  const sha256 = await sha256File(wheel).catch(() => {
    throw new UserError(
      `ONECODE_TENSORFLOW_WHEEL is "${wheel}", which cannot be read.`,
    );
  });
  const pins = Deno.readTextFileSync(tensorflowPins(workspace, "cpu"));
  if (pins.includes(`sha256:${sha256}`)) return resolve(wheel);
  throw new UserError(
    `ONECODE_TENSORFLOW_WHEEL is "${wheel}", but its checksum is not one of ` +
      "those in lib/tasks/setup/tensorflow_cpu.txt, which names the wheels.",
  );
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
}
