/**
 * Serves the site on this machine alone, as any static host would.
 *
 * @module
 */
import { join } from "node:path";
import { UserError } from "@/errors/user_error.ts";

/** A running server. */
export interface SiteServer {
  /** The address of the front page, such as `http://127.0.0.1:8000/`. */
  readonly address: string;
  /** Resolves when the server has closed. */
  readonly finished: Promise<void>;
  /** Stops the server. */
  readonly close: () => Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
  json: "application/json",
  wasm: "application/wasm",
};

/**
 * Serves a folder.
 *
 * @param folder The site.
 * @param port The port to listen on; 0 for any free one.
 * @param base The path of the site's folder, with a slash at both ends.
 * @returns The server.
 * @throws {UserError} If the port is taken.
 */
export function serveSite(
  folder: string,
  port: number,
  base = "/",
): SiteServer {
  const server = listen(port, (request) => answer(request, folder, base));
  const { port: taken } = server.addr as Deno.NetAddr;
  return {
    address: `http://127.0.0.1:${taken}${base}`,
    finished: server.finished,
    close: () => server.shutdown(),
  };
}

function listen(
  port: number,
  handler: (request: Request) => Promise<Response>,
): Deno.HttpServer {
  try {
    const options = { hostname: "127.0.0.1", port, onListen: () => {} };
    return Deno.serve(options, handler);
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    throw new UserError(
      `Port ${port} is taken: choose another one by --port, or 0 for any.`,
    );
  }
}

async function answer(
  request: Request,
  folder: string,
  base: string,
): Promise<Response> {
  if (!["GET", "HEAD"].includes(request.method)) {
    const headers = { allow: "GET, HEAD" };
    return new Response("Method not allowed\n", { status: 405, headers });
  }
  const { pathname, search } = new URL(request.url);
  const path = filePath(pathname, base);
  if (path === undefined) return await notFound(folder);
  try {
    const place = join(folder, path);
    if ((await Deno.stat(place)).isDirectory) {
      const headers = { location: `${pathname}/${search}` };
      return new Response(null, { status: 301, headers });
    }
    const file = await Deno.readFile(place);
    const ending = path.split(".").at(-1) ?? "";
    const type = types[ending] ?? "application/octet-stream";
    return part(file, type, request.headers.get("range"));
  } catch {
    return await notFound(folder);
  }
}

/** The page for wrong addresses that static hosts show, too. */
async function notFound(folder: string): Promise<Response> {
  const page = await Deno.readFile(join(folder, "404.html"))
    .catch(() => undefined);
  return page === undefined
    ? new Response("Not found\n", { status: 404 })
    : new Response(page, {
      status: 404,
      headers: { "content-type": types["html"]! },
    });
}

/** A file, or the one range of it that is requested. */
function part(
  file: Uint8Array<ArrayBuffer>,
  type: string,
  range: string | null,
): Response {
  const headers = { "content-type": type, "accept-ranges": "bytes" };
  const asked = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  const [start, last] = [Number(asked?.[1]), Number(asked?.[2] || Infinity)];
  // A range that ends before its start is invalid, and ignored like all such.
  if (asked === null || last < start) return new Response(file, { headers });
  const total = file.length;
  if (start >= total) {
    return new Response(null, {
      status: 416,
      headers: { ...headers, "content-range": `bytes */${total}` },
    });
  }
  const end = Math.min(last + 1, total);
  return new Response(file.subarray(start, end), {
    status: 206,
    headers: {
      ...headers,
      "content-range": `bytes ${start}-${end - 1}/${total}`,
    },
  });
}

/**
 * Maps the path of a request to a file.
 *
 * @param pathname The path, percent-encoded.
 * @param base The path of the site's folder.
 * @returns The file relative to the site; `undefined` if it is outside.
 */
export function filePath(pathname: string, base: string): string | undefined {
  if (!pathname.startsWith(base)) return undefined;
  const parts = decode(pathname.slice(base.length)).split("/");
  if (parts.some((part) => part === ".." || part.includes("\\"))) {
    return undefined;
  }
  if (parts.at(-1) === "") parts[parts.length - 1] = "index.html";
  return parts.join("/");
}

/** Decodes a path; the result for an invalid one is outside of the site. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return "..";
  }
}
