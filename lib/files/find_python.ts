/**
 * Finds a Python that the Python packages have wheels for.
 *
 * @module
 */
import { UserError } from "@/errors/user_error.ts";

/** A Python interpreter. */
export interface Python {
  /** Its command: a name on PATH or a path. */
  readonly command: string;
  /** Its version, such as `"3.11.7"`. */
  readonly version: string;
}

/** Minor versions of Python 3 with wheels, best first. */
const minors = [13, 12, 11, 10];

/**
 * Asks a Python for its version.
 *
 * @param command A name on PATH or a path.
 * @returns The version, such as `"3.11.7"`, or `"32-bit"`; `undefined` if it
 * does not run.
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

/**
 * Checks a version of Python.
 *
 * @param version See {@linkcode pythonVersion}.
 * @returns Whether all packages have wheels for it.
 */
export function isUsablePython(version: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && minor !== undefined && minors.includes(minor);
}

/**
 * Finds a 64-bit Python 3.10 to 3.13.
 *
 * @param chosen The value of `ONECODE_PYTHON`; if it is empty, `python3.13` to
 * `python3.10`, `python3` and `python` on PATH are tried.
 * @param versionOf See {@linkcode pythonVersion}.
 * @returns The Python.
 * @throws {UserError} If there is none, or `chosen` is not one.
 */
export async function findPython(
  chosen?: string,
  versionOf: (command: string) => Promise<string | undefined> = pythonVersion,
): Promise<Python> {
  const commands = chosen
    ? [chosen]
    : [...minors.map((minor) => `python3.${minor}`), "python3", "python"];
  const unusable: string[] = [];
  for (const command of commands) {
    const version = await versionOf(command);
    if (version === undefined) continue;
    if (isUsablePython(version)) return { command, version };
    unusable.push(`"${command}" is ${version}`);
  }
  if (chosen) {
    const found = unusable[0] ?? `"${chosen}" does not run`;
    throw new UserError(
      `ONECODE_PYTHON must be a 64-bit Python 3.10 to 3.13, but ${found}.`,
    );
  }
  const seen = unusable.length > 0 ? ` (${unusable.join(", ")})` : "";
  throw new UserError(
    `There is no 64-bit Python 3.10 to 3.13 on PATH${seen}: install one ` +
      "(for example python3 and python3-venv), or set ONECODE_PYTHON to its path.",
  );
}
