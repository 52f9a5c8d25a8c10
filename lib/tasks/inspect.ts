/**
 * `deno task inspect FILES|FOLDERS`: describes `.onecode` files.
 *
 * @module
 */
import { type Container, readContainer } from "@/codec/format/container.ts";
import {
  FORMAT_VERSION,
  type ParsedHeader,
  parseHeader,
} from "@/codec/format/header.ts";
import { cutTiles } from "@/codec/format/tiles.ts";
import { parseOptions, runTask, UserError } from "@/tasks/cli/mod.ts";
import { findFiles } from "@/tasks/codec_files/find_files.ts";
import { readModel, WEIGHTS_FILE } from "@/tasks/codec_files/read_model.ts";
import { workThrough } from "@/tasks/codec_files/work_through.ts";

/**
 * Runs the task.
 *
 * @param args The command line.
 * @returns The exit status: 1 if there was an error with a file, else 0.
 * @throws {UserError} If the options are invalid.
 */
export async function main(args: string[]): Promise<number> {
  const { options, words } = parseOptions({
    usage: "deno task inspect FILES|FOLDERS",
    description: "Shows what .onecode files hold, and whether they are " +
      "complete.",
    options: {
      model: {
        type: "string",
        help: "file of weights to compare with instead of the published ones",
      },
    },
    words: "FILES|FOLDERS",
  }, args);
  if (words.length === 0) throw new UserError("Name a file or a folder.");
  const { files, problems } = await findFiles(words, /\.onecode$/i);
  const model = await modelAtHand(options.model);
  return await workThrough(files, problems, {
    phase: "Inspecting",
    name: ({ path }) => path,
    work: async ({ path }) => describe(path, await Deno.readFile(path), model),
  });
}

interface ModelAtHand {
  readonly id: string;
  readonly path: string;
}

/** The weights to compare with; inspecting works without published ones. */
async function modelAtHand(path?: string): Promise<ModelAtHand | undefined> {
  try {
    const { id } = await readModel(path);
    return { id: id.toHex(), path: path ?? WEIGHTS_FILE };
  } catch (error) {
    if (path === undefined && error instanceof UserError) return undefined;
    throw error;
  }
}

function describe(
  path: string,
  bytes: Uint8Array,
  known: ModelAtHand | undefined,
): string {
  const header = parseHeader(bytes);
  const { width, height, quality, model, headerBytes } = header;
  const id = model.toHex();
  const whose = known === undefined
    ? ""
    : `, ${known.id === id ? "that" : "not that"} of "${known.path}"`;
  const half = (side: number) => Math.ceil(side / 2);
  const tiles = cutTiles(header).list.length;
  return [
    path,
    row("image", `${width}x${height}, medium ${half(width)}x${half(height)}`),
    row("quality", `${quality}, format version ${FORMAT_VERSION}`),
    row("model", `${id}${whose}`),
    row("tiles", `${tiles}`),
    row("header", `${headerBytes} bytes`),
    ...layers(header, bytes),
    row("file", sizeOf(header.fileBytes, header)),
  ].join("\n");
}

function row(name: string, text: string): string {
  return `  ${name.padEnd(9)}${text}`;
}

function sizeOf(bytes: number, { width, height }: ParsedHeader): string {
  const bits = 8 * bytes / (width * height);
  return `${bytes} bytes, ${bits.toFixed(3)} bits per pixel`;
}

/** A row for each layer, with its state. */
function layers(header: ParsedHeader, bytes: Uint8Array): string[] {
  const states = ["checksum right", stateOfSecond(header, bytes)];
  return header.layerBytes.map((length, i) =>
    row(`layer ${i + 1}`, `${sizeOf(length, header)}, ${states[i]}`)
  );
}

/** Throws if not even the first layer is complete. */
function stateOfSecond(header: ParsedHeader, bytes: Uint8Array): string {
  const states: Record<Container["highIs"], string> = {
    complete: "checksum right",
    damaged: "checksum wrong",
    cut: `cut: ${bytes.length - header.mediumBytes} bytes of it and its ` +
      "checksum are there",
  };
  return states[readContainer(bytes).highIs];
}

if (import.meta.main) await runTask(main);
