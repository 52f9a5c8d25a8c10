/**
 * Finds a Python that TensorFlow's wheels are built for.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";

/** A Python interpreter. */
export interface Python {
  /** How it is called: a name on PATH or a path. */
  readonly command: string;
  /** Its version, such as `"3.11.7"`. */
  readonly version: string;
}

/** Minor versions of Python 3 with wheels, best first. */
const minors = [13, 12, 11, 10];

/**
 * The version of the Python `command`, such as `"3.11.7"`.
 *
 * @returns `undefined` where it cannot be run, or does not answer as a
 * 64-bit Python does.
 */
export async function pythonVersion(
  command: string,
): Promise<string | undefined> {
  const code =
    "import platform, sys; print(platform.python_version() if sys.maxsize > 2**32 else '32-bit')";
  try {
    const { success, stdout } = await new Deno.Command(command, {
      args: ["-I", "-c", code],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output();
    const text = new TextDecoder().decode(stdout).trim();
    return success && /^\d+\.\d+\.\d|^32-bit$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Whether TensorFlow has wheels for a Python of this version. */
export function isUsablePython(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && minor !== undefined && minors.includes(minor);
}

/**
 * Finds a 64-bit Python 3.10 to 3.13: `chosen` where it is given, else
 * `python3.13` … `python3.10`, `python3` and `python` on PATH.
 *
 * @param chosen The value of `ONECODE_PYTHON`.
 * @throws {UserError} Where there is none, or `chosen` is not one.
 */
export async function findPython(
  chosen?: string,
  versionOf: (command: string) => Promise<string | undefined> = pythonVersion,
): Promise<Python> {
  const commands = chosen !== undefined && chosen !== ""
    ? [chosen]
    : [...minors.map((minor) => `python3.${minor}`), "python3", "python"];
  const unusable: string[] = [];
  for (const command of commands) {
    const version = await versionOf(command);
    if (version === undefined) continue;
    if (isUsablePython(version)) return { command, version };
    unusable.push(`"${command}" is ${version}`);
  }
  if (chosen !== undefined && chosen !== "") {
    const found = unusable.length > 0
      ? unusable[0]
      : `"${chosen}" does not run`;
    throw new UserError(
      `ONECODE_PYTHON must be a 64-bit Python 3.10 to 3.13, but ${found}.`,
    );
  }
  const seen = unusable.length > 0 ? ` (${unusable.join(", ")})` : "";
  throw new UserError(
    `There is no 64-bit Python 3.10 to 3.13 on PATH${seen}: install one ` +
      "(for example python3 and python3-venv), or name it in ONECODE_PYTHON.",
  );
}
