/**
 * Whether TensorFlow has wheels for the machine, and the disk has room for them.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { UserError } from "@/errors/user_error.ts";
import type { Part } from "./workspace.ts";

/** The build of TensorFlow: without or with CUDA. */
export type Variant = "cpu" | "cuda";

/** What decides on the build of TensorFlow. */
export interface Platform {
  /** As in `Deno.build.os`. */
  readonly os: string;
  /** As in `Deno.build.arch`. */
  readonly arch: string;
  /** Whether the C library is musl, as on Alpine. */
  readonly musl: boolean;
  /** Whether an NVIDIA driver is present. */
  readonly nvidia: boolean;
}

const driverFiles = [
  "/proc/driver/nvidia/version",
  "/dev/nvidiactl",
  "/usr/lib/wsl/lib/libcuda.so.1",
];

const glibcFolders = [
  "/lib64",
  "/usr/lib64",
  "/usr/lib",
  "/lib/x86_64-linux-gnu",
  "/lib/aarch64-linux-gnu",
];

function isMusl(): boolean {
  if (glibcFolders.some((folder) => existsSync(`${folder}/libc.so.6`))) {
    return false;
  }
  try {
    return readdirSync("/lib").some((name) => name.startsWith("ld-musl-"));
  } catch {
    return false;
  }
}

/**
 * Describes the machine that this runs on.
 *
 * @returns The description.
 */
export function thisPlatform(): Platform {
  const { os, arch } = Deno.build;
  return {
    os,
    arch,
    musl: os === "linux" && isMusl(),
    nvidia: driverFiles.some((path) => existsSync(path)),
  };
}

const names: Record<string, string> = {
  darwin: "macOS",
  linux: "Linux",
  windows: "Windows",
  x86_64: "Intel",
  aarch64: "ARM",
};

/**
 * Chooses the build of TensorFlow for a machine.
 *
 * @param platform The machine.
 * @param wanted `"cpu"` or `"cuda"`; if empty or absent, the presence of a
 * driver decides.
 * @returns The build.
 * @throws {UserError} If there is no wheel for the machine, or `wanted` is
 * something else.
 * @see {@link https://www.tensorflow.org/install/pip}
 */
export function checkPlatform(platform: Platform, wanted?: string): Variant {
  const { os, arch } = platform;
  const runsOn = "it needs Linux with glibc (x86_64 or ARM64) or a Mac with " +
    "Apple silicon";
  if (os === "windows") {
    throw new UserError(
      "TensorFlow's shared library does not run on Windows: run the project " +
        "inside WSL 2.",
    );
  }
  if (os !== "linux" && os !== "darwin") {
    throw new UserError(
      `There is no TensorFlow for the system "${names[os] ?? os}": ${runsOn}.`,
    );
  }
  if (os === "linux" && platform.musl) {
    throw new UserError(
      "There is no TensorFlow for Linux with musl, such as Alpine: use a " +
        "distribution with glibc, such as Debian or Ubuntu.",
    );
  }
  const supported = os === "darwin"
    ? arch === "aarch64"
    : arch === "x86_64" || arch === "aarch64";
  if (!supported) {
    throw new UserError(
      `There is no TensorFlow for ${names[os] ?? os} on ` +
        `${names[arch] ?? `"${arch}"`} processors: ${runsOn}.`,
    );
  }
  if (wanted === "cpu") return "cpu";
  if (wanted !== undefined && wanted !== "" && wanted !== "cuda") {
    throw new UserError(
      `ONECODE_TENSORFLOW must be "cpu" or "cuda", got "${wanted}".`,
    );
  }
  const cudaWheel = os === "linux" && arch === "x86_64";
  if (wanted === "cuda" && !cudaWheel) {
    throw new UserError(
      'ONECODE_TENSORFLOW is "cuda", but TensorFlow with CUDA only runs on ' +
        'Linux on x86_64: set it to "cpu".',
    );
  }
  return cudaWheel && (platform.nvidia || wanted === "cuda") ? "cuda" : "cpu";
}

/** Gigabytes (10⁹ bytes) that each part needs, downloads included. */
const neededGigabytes: Record<Part, number> = {
  codec: 0.7,
  engine: 1.5,
  notebooks: 1,
};

/** The same for TensorFlow with the libraries of CUDA. */
const CUDA_GIGABYTES = 8;

/**
 * Counts the free bytes of a disk.
 *
 * @param folder A folder on it.
 * @returns Bytes that this user may write.
 */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/**
 * Checks that there is room for parts of a set-up.
 *
 * @param folder The checkout.
 * @param parts What is to be installed.
 * @param variant The build of TensorFlow.
 * @param free Returns the free bytes of a folder's disk.
 * @throws {UserError} If there is too little.
 */
export async function checkDisk(
  folder: string,
  parts: readonly Part[],
  variant: Variant,
  free: (folder: string) => Promise<number> = freeBytes,
): Promise<void> {
  const gigabytes = await free(folder) / 1e9;
  const needed = parts.reduce(
    (sum, part) =>
      sum +
      (part === "engine" && variant === "cuda"
        ? CUDA_GIGABYTES
        : neededGigabytes[part]),
    0,
  );
  if (gigabytes >= needed) return;
  throw new UserError(
    `Set-up needs ${needed.toFixed(1)} GB of free disk in "${folder}", but ` +
      `there are ${gigabytes.toFixed(1)} GB: free some and run ` +
      '"deno task setup" again.',
  );
}
