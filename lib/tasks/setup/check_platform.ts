/**
 * Which machines TensorFlow's wheels exist for.
 *
 * @module
 */
import { existsSync, readdirSync } from "node:fs";
import { UserError } from "@/errors/user_error.ts";

/** The build of TensorFlow: without or with CUDA. */
export type Variant = "cpu" | "cuda";

/** What has to be known of a machine. */
export interface Machine {
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

/** Looks at the machine that this runs on. */
export function thisMachine(): Machine {
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
 * The TensorFlow build that fits `machine`.
 *
 * @param wanted `"cpu"` or `"cuda"` decide; empty or absent lets the presence
 * of a driver decide.
 * @throws {UserError} Where there is no wheel for the machine, or `wanted` is
 * something else.
 * @see {@link https://www.tensorflow.org/install/pip}
 */
export function checkPlatform(machine: Machine, wanted?: string): Variant {
  const { os, arch } = machine;
  const runsOn = "it needs Linux with glibc (x86_64 or ARM64) or a Mac with " +
    "Apple silicon";
  if (os === "windows") {
    throw new UserError(
      "TensorFlow's shared library is not offered for this use on Windows: " +
        "run the project inside WSL 2.",
    );
  }
  if (os !== "linux" && os !== "darwin") {
    throw new UserError(
      `There is no TensorFlow for the system "${names[os] ?? os}": ${runsOn}.`,
    );
  }
  if (os === "linux" && machine.musl) {
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
      `ONECODE_TENSORFLOW is "cpu" or "cuda", not "${wanted}".`,
    );
  }
  const cudaWheel = os === "linux" && arch === "x86_64";
  if (wanted === "cuda" && !cudaWheel) {
    throw new UserError(
      'ONECODE_TENSORFLOW is "cuda", but TensorFlow with CUDA is only ' +
        'there for Linux on x86_64: set it to "cpu".',
    );
  }
  return cudaWheel && (machine.nvidia || wanted === "cuda") ? "cuda" : "cpu";
}
