/** Servers of a folder that a test fills. */
import { type FolderOptions, serveFolder } from "@/edge/serve_folder.ts";
import { withFolder } from "../_folder.ts";

/** What a test does with a server: its folder, and requests to it. */
export type WithServer = (
  folder: string,
  get: (path: string, init?: RequestInit) => Promise<Response>,
) => Promise<void>;

/** Serves a folder while a test works. */
export async function withServer(
  work: WithServer,
  options: Partial<FolderOptions> = {},
): Promise<void> {
  await withFolder(async (folder) => {
    const server = serveFolder(folder, { port: 0, ...options });
    try {
      await work(
        folder,
        (path, init) =>
          fetch(new URL(path, server.address), { redirect: "manual", ...init }),
      );
    } finally {
      await server.close();
    }
  });
}
