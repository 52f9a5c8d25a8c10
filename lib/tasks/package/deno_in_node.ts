/**
 * The part of Deno's API that `encode`, `decode` and `inspect` use, in terms of
 * Node.js, and what Node.js 20 lacks of the language. Only the npm package's
 * command imports this, before anything else.
 *
 * @module
 */
import fs from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import process from "node:process";
import { Readable } from "node:stream";

const { promises } = fs;

/** An error class that an error of Node.js with the code is an instance of. */
function errorOf(code: string): unknown {
  return class {
    static [Symbol.hasInstance](error: unknown): boolean {
      return (error as { code?: string } | null)?.code === code;
    }
  };
}

const described = (stat: fs.Stats) => ({
  isFile: stat.isFile(),
  isDirectory: stat.isDirectory(),
  isSymlink: stat.isSymbolicLink(),
  ...{ size: stat.size, mtime: stat.mtime, mode: stat.mode, ino: stat.ino },
});

const entryOf = (entry: fs.Dirent) => ({
  name: entry.name,
  isFile: entry.isFile(),
  isDirectory: entry.isDirectory(),
  isSymlink: entry.isSymbolicLink(),
});

/** An open file. */
class OpenFile {
  readonly #handle: FileHandle;
  #place = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  readonly write = async (bytes: Uint8Array): Promise<number> =>
    (await this.#handle.write(bytes)).bytesWritten;
  readonly seek = (place: number): number => this.#place = place;
  readonly read = async (bytes: Uint8Array): Promise<number | null> => {
    const { bytesRead } = await this.#handle
      .read(bytes, 0, bytes.length, this.#place);
    this.#place += bytesRead;
    return bytesRead === 0 ? null : bytesRead;
  };
  readonly sync = (): Promise<void> => this.#handle.sync();
  readonly stat = async (): Promise<unknown> =>
    described(await this.#handle.stat());
  readonly close = (): void => void this.#handle.close();
  readonly [Symbol.dispose] = (): void => this.close();
}

interface OpenOptions {
  readonly createNew?: boolean;
  readonly mode?: number;
  readonly write?: boolean;
}

const deno = {
  args: process.argv.slice(2),
  pid: process.pid,
  build: { os: process.platform },
  env: {
    get: (name: string) => process.env[name],
    set: (name: string, value: string) => process.env[name] = value,
    delete: (name: string) => delete process.env[name],
  },
  errors: {
    NotFound: errorOf("ENOENT"),
    NotADirectory: errorOf("ENOTDIR"),
    AlreadyExists: errorOf("EEXIST"),
    PermissionDenied: errorOf("EACCES"),
  },
  cwd: () => process.cwd(),
  chdir: (path: string) => process.chdir(path),
  exit: (status: number) => process.exit(status),
  execPath: () => process.execPath,
  addSignalListener: (name: NodeJS.Signals, listener: () => void) =>
    process.on(name, listener),
  consoleSize: () => ({ columns: process.stderr.columns ?? 80 }),
  stdin: { readable: Readable.toWeb(process.stdin) },
  stdout: {
    isTerminal: () => process.stdout.isTTY === true,
    write: (bytes: Uint8Array) =>
      new Promise<number>((resolve, reject) => {
        process.stdout.write(
          bytes,
          (error) => error ? reject(error) : resolve(bytes.length),
        );
      }),
  },
  stderr: {
    isTerminal: () => process.stderr.isTTY === true,
    writeSync: (bytes: Uint8Array) => fs.writeSync(2, bytes),
  },
  readFile: async (path: string | URL) =>
    new Uint8Array(await promises.readFile(path)),
  stat: async (path: string) => described(await promises.stat(path)),
  statSync: (path: string) => described(fs.statSync(path)),
  lstat: async (path: string) => described(await promises.lstat(path)),
  realPath: (path: string) => promises.realpath(path),
  readLink: (path: string) => promises.readlink(path),
  async *readDir(path: string) {
    for (const entry of await promises.readdir(path, { withFileTypes: true })) {
      yield entryOf(entry);
    }
  },
  readDirSync: (path: string) =>
    fs.readdirSync(path, { withFileTypes: true }).map(entryOf),
  SeekMode: { Start: 0 },
  open: async (path: string, { createNew, mode, write }: OpenOptions = {}) =>
    new OpenFile(
      await open(path, createNew ? "wx" : write ? "w" : "r", mode),
    ),
  mkdir: (path: string, options: fs.MakeDirectoryOptions) =>
    promises.mkdir(path, options),
  chmod: (path: string, mode: number) => promises.chmod(path, mode),
  rename: (from: string, to: string) => promises.rename(from, to),
  remove: (path: string) => promises.rm(path),
  removeSync: (path: string) => fs.rmSync(path),
};

const scope = globalThis as unknown as Record<string, unknown>;
scope["Deno"] ??= deno;
scope["addEventListener"] ??= (name: string, listener: () => void) => {
  if (name === "unload") process.on("exit", listener);
};

/** Adds a method that the runtime lacks. */
function add(target: object, name: string, value: unknown): void {
  if (!(name in target)) {
    Object.defineProperty(target, name, { value, writable: true });
  }
}

add(Uint8Array.prototype, "toHex", function (this: Uint8Array) {
  return Array.from(this, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
});
add(Response.prototype, "bytes", async function (this: Response) {
  return new Uint8Array(await this.arrayBuffer());
});
add(Array, "fromAsync", async (items: AsyncIterable<unknown>) => {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
});
