/**
 * Programs that cache what an origin serves, started for one user: no root, a
 * folder of their own, this machine alone.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import type { CacheOptions } from "./cache_options.ts";
import { nginxConfig } from "./nginx.ts";
import { varnishConfig } from "./varnish.ts";

/** A program that caches. */
export type CacheProgram = "nginx" | "varnish";

/** A running cache; dispose of it to end it. */
export interface CacheServer extends AsyncDisposable {
  /** Its address, such as `http://127.0.0.1:8080/`. */
  readonly address: string;
  /** Name and version of the program. */
  readonly version: string;
  /** Resolves when it has ended. */
  readonly finished: Promise<unknown>;
}

/** Of all users the one with the fewest rights, on Linux. */
const NOBODY = 65_534;

/** Milliseconds to start and to end in. */
const PATIENCE = 10_000;

const programs = {
  nginx: { file: "nginx", packageName: "nginx", version: "-v" },
  varnish: { file: "varnishd", packageName: "varnish", version: "-V" },
} as const;

/** Where programs are: on PATH, and where systems keep those of root. */
function programFolders(): string[] {
  const path = (Deno.env.get("PATH") ?? "").split(":");
  return [...path, "/usr/sbin", "/usr/local/sbin", "/sbin"];
}

/**
 * Finds the file of a program.
 *
 * @param program The program.
 * @param folders Where it may be; those of PATH and of root by default.
 * @returns Its path; `undefined` if it is not installed.
 */
export function findProgram(
  program: CacheProgram,
  folders: readonly string[] = programFolders(),
): string | undefined {
  return folders.filter((folder) => folder !== "")
    .map((folder) => join(folder, programs[program].file))
    .find((file) => {
      try {
        return Deno.statSync(file).isFile;
      } catch {
        return false;
      }
    });
}

/**
 * Starts a cache in front of an origin.
 *
 * @param program What caches.
 * @param options What it is started with.
 * @param folders Where the program may be, as for {@linkcode findProgram}.
 * @returns The cache, ready for requests.
 * @throws {UserError} If the program is not installed, with the name of its
 * package, or does not start, with its own words.
 */
export async function startCache(
  program: CacheProgram,
  options: CacheOptions,
  folders?: readonly string[],
): Promise<CacheServer> {
  const { packageName, version } = programs[program];
  const file = findProgram(program, folders);
  if (file === undefined) {
    throw new UserError(
      `${program} is not installed: install the package "${packageName}" of ` +
        "your system.",
    );
  }
  const port = options.port || freePort();
  const config = { ...options, port };
  const args = program === "nginx"
    ? await nginxConfig(config)
    : await varnishConfig(config);
  const child = new Deno.Command(file, {
    args,
    cwd: options.folder,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    ...await leastRights(options.folder),
  }).spawn();
  const words = new Response(child.stderr).text();
  let hasEnded = false;
  const finished = child.status.then(() => hasEnded = true);
  const end = (signal: Deno.Signal) => {
    if (!hasEnded) child.kill(signal);
  };
  const onUnload = () => end("SIGTERM");
  globalThis.addEventListener("unload", onUnload);
  const stop = async () => {
    globalThis.removeEventListener("unload", onUnload);
    end("SIGTERM");
    const timer = setTimeout(() => end("SIGKILL"), PATIENCE);
    await finished;
    clearTimeout(timer);
  };
  const deadline = Date.now() + PATIENCE;
  while (!await answers(port)) {
    if (!hasEnded && Date.now() < deadline) {
      await new Promise((done) => setTimeout(done, 20));
      continue;
    }
    await stop();
    // Varnish's last line names its help.
    const reason = (await words).trim().split("\n")
      .findLast((line) => !line.startsWith("(")) || "no answer";
    throw new UserError(
      `${program} did not start: ${reason.replace(/\.$/, "")}.`,
    );
  }
  return {
    address: `http://127.0.0.1:${port}/`,
    version: await versionOf(file, version),
    finished,
    [Symbol.asyncDispose]: stop,
  };
}

/** Root gives its rights up, and the folder away. */
async function leastRights(
  folder: string,
): Promise<{ uid?: number; gid?: number }> {
  if (Deno.uid() !== 0) return {};
  await Deno.chown(folder, NOBODY, NOBODY);
  for await (const { name } of Deno.readDir(folder)) {
    await Deno.chown(join(folder, name), NOBODY, NOBODY);
  }
  return { uid: NOBODY, gid: NOBODY };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function answers(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

async function versionOf(file: string, option: string): Promise<string> {
  const { stderr } = await new Deno.Command(file, { args: [option] }).output();
  const [line = ""] = new TextDecoder().decode(stderr).split("\n");
  return line.replace(/^nginx version: |^varnishd \(/g, "")
    .replace(/ revision .*$/, "");
}
