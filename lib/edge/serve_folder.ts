/**
 * The project's web server: the files of a folder, as a static host or the
 * origin of a content delivery network serves them.
 *
 * @module
 */
import { join, sep } from "node:path";
import { UserError } from "@/errors/user_error.ts";
import { answerFile, mediaType } from "./answer_file.ts";

/** How a folder is served. */
export interface FolderOptions {
  /** The port to listen on; 0 for any free one. */
  readonly port: number;
  /** The address to listen on; this machine alone by default. */
  readonly host?: string;
  /** The path of the folder in addresses, with a slash at both ends. */
  readonly base?: string;
  /**
   * Whether files never change under their names, so that caches need not ask
   * again; false by default. Pages, `.html`, are always asked for.
   */
  readonly immutable?: boolean;
  /** Called when an answer has been sent. */
  readonly onAnswer?: (answer: FolderAnswer) => void;
}

/** An answer that was sent. */
export interface FolderAnswer {
  /** Of the request. */
  readonly method: string;
  /** Path of the address, percent-encoded. */
  readonly path: string;
  /** The range that was asked for; null without one. */
  readonly range: string | null;
  /** Of the answer. */
  readonly status: number;
  /** Bytes of the file that were sent. */
  readonly bytes: number;
}

/** A running server. */
export interface FolderServer {
  /** The address of the folder, such as `http://127.0.0.1:8000/`. */
  readonly address: string;
  /** Resolves when the server has closed. */
  readonly finished: Promise<void>;
  /** Stops the server. */
  readonly close: () => Promise<void>;
}

/**
 * Serves the files of a folder: GET and HEAD, ranges, conditions by ETag and
 * date, and requests from pages of other hosts. Names that begin with a dot and
 * links that lead out of the folder are not found.
 *
 * @param folder The folder.
 * @param options How it is served.
 * @returns The server.
 * @throws {UserError} If the folder does not exist or the port is taken.
 */
export function serveFolder(
  folder: string,
  options: FolderOptions,
): FolderServer {
  const { port, host = "127.0.0.1", base = "/" } = options;
  const root = realFolder(folder);
  const server = listen(
    host,
    port,
    (request) => answer(request, root, options),
  );
  const { port: taken } = server.addr as Deno.NetAddr;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    address: `http://${name}:${taken}${base}`,
    finished: server.finished,
    close: () => server.shutdown(),
  };
}

function realFolder(folder: string): string {
  try {
    const real = Deno.realPathSync(folder);
    if (Deno.statSync(real).isDirectory) return real;
  } catch {
    // It is reported below.
  }
  throw new UserError(`There is no folder "${folder}" to serve.`);
}

function listen(
  hostname: string,
  port: number,
  handler: (request: Request) => Promise<Response>,
): Deno.HttpServer {
  try {
    return Deno.serve({ hostname, port, onListen: () => {} }, handler);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new UserError(
        `Port ${port} is taken: choose another one by --port, or 0 for any.`,
      );
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`Cannot listen on "${hostname}:${port}": ${reason}.`);
  }
}

/** What lets pages of other hosts read files and their ranges. */
const CORS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "Accept-Ranges, Content-Length, Content-Range, ETag",
  "cross-origin-resource-policy": "cross-origin",
};

async function answer(
  request: Request,
  root: string,
  { base = "/", immutable = false, onAnswer }: FolderOptions,
): Promise<Response> {
  const { method, headers, url } = request;
  const { pathname: path, search } = new URL(url);
  const range = headers.get("range");
  const onSent = (status: number, bytes: number) =>
    onAnswer?.({ method, path, range, status, bytes });
  const found = await findFile(root, request, base);
  let response: Response;
  if (found === "folder") {
    const location = `${path}/${search}`;
    response = new Response(null, { status: 301, headers: { location } });
  } else if (found instanceof Response) {
    response = found;
  } else {
    response = await answerFile(request, found.file, found.path, {
      immutable: immutable && !found.path.endsWith(".html"),
      onSent,
    });
  }
  if (found === "folder" || found instanceof Response) {
    onSent(response.status, 0);
  }
  for (const [name, value] of Object.entries(CORS)) {
    response.headers.set(name, value);
  }
  response.headers.set("x-content-type-options", "nosniff");
  return response;
}

/** The file that is asked for, open, or an answer without one. */
async function findFile(
  root: string,
  { method, url }: Request,
  base: string,
): Promise<{ file: Deno.FsFile; path: string } | "folder" | Response> {
  const allow = "GET, HEAD, OPTIONS";
  if (method === "OPTIONS") {
    const headers = {
      allow,
      "access-control-allow-methods": allow,
      "access-control-allow-headers": "Range, If-Range, If-None-Match",
      "access-control-max-age": "86400",
    };
    return new Response(null, { status: 204, headers });
  }
  if (method !== "GET" && method !== "HEAD") {
    const init = { status: 405, headers: { allow } };
    return new Response("Method not allowed\n", init);
  }
  const name = filePath(new URL(url).pathname, base);
  const path = name === undefined ? undefined : await realFile(root, name);
  if (path === undefined) return await notFound(root);
  const stat = await Deno.stat(path);
  if (stat.isDirectory) return "folder";
  // Opening a pipe would wait for its writer.
  const file = stat.isFile
    ? await Deno.open(path).catch(() => undefined)
    : undefined;
  return file === undefined ? await notFound(root) : { file, path };
}

/** The file behind links, if it is within the folder. */
async function realFile(
  root: string,
  path: string,
): Promise<string | undefined> {
  const real = await Deno.realPath(join(root, path)).catch(() => undefined);
  const isWithin = real === root || real?.startsWith(root + sep);
  return isWithin ? real : undefined;
}

/** The page for wrong addresses that static hosts show, too. */
async function notFound(root: string): Promise<Response> {
  const page = await Deno.readFile(join(root, "404.html"))
    .catch(() => undefined);
  const headers = {
    "content-type": page === undefined ? "text/plain" : mediaType("404.html"),
    "cache-control": "no-store",
  };
  return new Response(page ?? "Not found\n", { status: 404, headers });
}

/**
 * Maps the path of a request to a file.
 *
 * @param pathname The path, percent-encoded.
 * @param base The path of the folder, with a slash at both ends.
 * @returns The file relative to the folder; `undefined` if it is outside, or
 * hidden by a dot.
 */
export function filePath(pathname: string, base: string): string | undefined {
  if (!pathname.startsWith(base)) return undefined;
  const parts = decode(pathname.slice(base.length)).split("/");
  const isHidden = (part: string) =>
    part.startsWith(".") || /[\\\0]/.test(part);
  if (parts.some(isHidden)) return undefined;
  if (parts.at(-1) === "") parts[parts.length - 1] = "index.html";
  return parts.join("/");
}

/** Decodes a path; the result for an invalid one is outside of the folder. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "..";
  }
}
