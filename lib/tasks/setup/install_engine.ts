/**
 * Installs the library of TensorFlow that the engine binds to: pip fetches
 * TensorFlow's wheel, whose checksum is pinned, and the libraries are taken out
 * of it. `ONECODE_TENSORFLOW_WHEEL` names a wheel that is there already, and
 * then no Python is needed.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@/errors/user_error.ts";
import { bytesIn, eachSecond, inMegabytes } from "./count_bytes.ts";
import { type LoggedOptions, runStep } from "./run_logged.ts";
import { tensorflowPins } from "./stamp.ts";
import type { Workspace } from "./workspace.ts";

/** How {@linkcode installEngine} works and what it tells. */
export interface EngineOptions extends LoggedOptions {
  /** The value of `ONECODE_TENSORFLOW_WHEEL`. */
  readonly wheel: string | undefined;
  /** Makes the Python environment whose pip fetches the wheel. */
  readonly makePython: () => Promise<void>;
  /** Called with what happens, such as `"12 of 274 MB"`. */
  readonly onDetail: (text: string) => void;
}

const PROGRAM = fileURLToPath(new URL("take_libraries.ts", import.meta.url));

/** For pip, the wheel's kind: that of the pinned checksums, on any Python. */
const PLATFORMS: Readonly<Record<string, string>> = {
  "linux-x86_64": "manylinux_2_27_x86_64",
  "linux-aarch64": "manylinux_2_27_aarch64",
  "darwin-aarch64": "macosx_12_0_arm64",
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
  await remove(download);
  await Deno.mkdir(folder, { recursive: true });
  try {
    const path = wheel
      ? await checkWheel(workspace, wheel)
      : await fetchWheel(workspace, download, options);
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

async function fetchWheel(
  workspace: Workspace,
  download: string,
  options: EngineOptions,
): Promise<string> {
  await options.makePython();
  const temporary = join(download, "tmp");
  await Deno.mkdir(temporary);
  let total: number | undefined;
  using _ = eachSecond(() =>
    // pip copies the finished file, which is not to be counted again.
    options.onDetail(
      total === undefined
        ? "asking for the wheel"
        : inMegabytes(Math.min(bytesIn(temporary), total), total),
    )
  );
  const platform = PLATFORMS[`${Deno.build.os}-${Deno.build.arch}`] ?? "";
  await runStep(
    "Downloading TensorFlow",
    workspace.python,
    [
      ...["-I", "-m", "pip", "download", "--progress-bar=off", "--retries=2"],
      ...["--no-deps", "--only-binary=:all:", "--platform", platform],
      ...["--python-version", "3.11", "--implementation", "cp"],
      ...["--abi", "cp311", "--require-hashes", "--dest", download],
      ...["-r", tensorflowPins(workspace, "cpu")],
    ],
    {
      ...options,
      env: {
        PIP_DISABLE_PIP_VERSION_CHECK: "1",
        PIP_NO_INPUT: "1",
        TMPDIR: temporary,
      },
      onLine: (line) => {
        const size = /Downloading .*\.whl.* \(([\d.]+) MB\)/.exec(line)?.[1];
        if (size !== undefined) total = 1e6 * Number(size);
      },
    },
  );
  const names = Array.from(Deno.readDirSync(download), ({ name }) => name);
  return join(download, names.find((name) => name.endsWith(".whl")) ?? "");
}

/** Checks that a file is a wheel whose checksum is pinned; returns its path. */
async function checkWheel(
  workspace: Workspace,
  wheel: string,
): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(wheel)) hash.update(chunk);
  } catch {
    throw new UserError(
      `ONECODE_TENSORFLOW_WHEEL is "${wheel}", which cannot be read.`,
    );
  }
  const pins = Deno.readTextFileSync(tensorflowPins(workspace, "cpu"));
  if (pins.includes(`sha256:${hash.digest("hex")}`)) return resolve(wheel);
  throw new UserError(
    `ONECODE_TENSORFLOW_WHEEL is "${wheel}", but its checksum is not one of ` +
      "those in lib/tasks/setup/tensorflow_cpu.txt, which names the wheels.",
  );
}

async function remove(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch(() => {});
}
