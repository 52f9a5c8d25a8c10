/**
 * Many small pieces of work, each kept as soon as it is finished: a line of a
 * file for each, so that work that was stopped goes on where it was, and no
 * piece is done twice. For pieces that take minutes and leave files behind,
 * see `runGrid`.
 *
 * @module
 */

import { fingerprint } from "@/files/sha256.ts";

/** The file in the folder of some work. */
export const UNITS_FILE = "units.jsonl";

/** Finished pieces of work, in a folder. */
export class KeptUnits {
  readonly #path: string;
  readonly #found: Map<string, unknown>;
  #torn: boolean;

  private constructor(
    path: string,
    found: Map<string, unknown>,
    torn: boolean,
  ) {
    this.#path = path;
    this.#found = found;
    this.#torn = torn;
  }

  /**
   * Opens a folder, which need not be there yet. A line that was torn when its
   * writer was killed counts as not there.
   *
   * @param folder Where the file lies.
   */
  static async open(folder: string): Promise<KeptUnits> {
    const path = `${folder}/${UNITS_FILE}`;
    await Deno.mkdir(folder, { recursive: true });
    const text = await readText(path);
    const found = new Map<string, unknown>();
    for (const line of text.split("\n")) {
      const kept = parse(line);
      if (kept !== undefined) found.set(kept.unit, kept.found);
    }
    return new KeptUnits(path, found, text !== "" && !text.endsWith("\n"));
  }

  /** Pieces that are finished. */
  get count(): number {
    return this.#found.size;
  }

  /**
   * Does a piece of work that is not finished yet.
   *
   * @param identity All that decides what is found.
   * @param work Finds something for JSON, which is kept.
   * @returns What was found, now or then.
   */
  async once<Found>(
    identity: unknown,
    work: () => Promise<Found>,
  ): Promise<Found> {
    const unit = fingerprint(identity).slice(0, 24);
    if (!this.#found.has(unit)) {
      const text = JSON.stringify({ unit, of: identity, found: await work() });
      await this.#append(text);
      this.#found.set(unit, parse(text)!.found);
    }
    return this.#found.get(unit) as Found;
  }

  async #append(line: string): Promise<void> {
    const start = this.#torn ? "\n" : "";
    this.#torn = true;
    await Deno.writeTextFile(this.#path, `${start}${line}\n`, { append: true });
    this.#torn = false;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

interface Kept {
  readonly unit: string;
  readonly found: unknown;
}

function parse(line: string): Kept | undefined {
  try {
    const { unit, found } = JSON.parse(line) as Partial<Kept>;
    return unit === undefined || found === undefined
      ? undefined
      : { unit, found };
  } catch {
    return undefined;
  }
}
