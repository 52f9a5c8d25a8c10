/**
 * `deno task serve FOLDER`: serves files as the origin of a content delivery
 * network does: ranges, ETag, immutable files, requests from pages elsewhere.
 *
 * @module
 */
import { serveFolder } from "@/edge/serve_folder.ts";
import {
  interruptSignal,
  parseOptions,
  runTask,
  UserError,
} from "@/tasks/cli/mod.ts";

/**
 * Runs the task until it is interrupted.
 *
 * @param args The command line.
 * @throws {UserError} If the options are invalid, there is no such folder, or
 * the port is taken.
 */
export async function main(args: string[]): Promise<void> {
  const usage = "deno task serve FOLDER [--port N] [--host ADDRESS]";
  const { options, words } = parseOptions({
    usage,
    description: "Serves the files of a folder, with ranges and for caches.",
    words: "FOLDER",
    options: {
      port: {
        type: "number",
        help: "port to listen on; 0 for any free one",
        default: 9000,
        min: 0,
        max: 65535,
        integer: true,
      },
      host: {
        type: "string",
        value: "ADDRESS",
        default: "127.0.0.1",
        help: "address to listen on; 0.0.0.0 for all of this machine's",
      },
      changing: {
        type: "boolean",
        help: "files may change under their names: caches ask each time",
      },
    },
  }, args);
  const [folder, ...more] = words;
  if (folder === undefined || more.length > 0) {
    throw new UserError(`Give one folder; usage: ${usage}`);
  }
  const signal = interruptSignal();
  const server = serveFolder(folder, {
    port: options.port,
    host: options.host,
    immutable: !options.changing,
  });
  console.log(`The files of "${folder}": ${server.address}`);
  console.log("Stop it with Ctrl+C.");
  signal.addEventListener("abort", () => server.close());
  await server.finished;
  signal.throwIfAborted();
}

if (import.meta.main) await runTask(main);
