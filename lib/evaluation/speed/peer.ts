/**
 * A peer of a benchmark: a Python process that times another library, in an
 * environment of its own.
 *
 * @module
 */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { JsonProcess } from "@/files/json_process.ts";

/** How a peer is started. */
export interface PeerProgram {
  /** Path of the Python that has its libraries. */
  readonly python: string;
  /** Path of the script; it calls `serve` of `serve_requests.py`. */
  readonly script: string;
  /** What it is called in messages. */
  readonly name: string;
  /** Arguments of the script. */
  readonly args: readonly string[];
}

interface PeerAnswer {
  readonly ms?: number[];
  readonly error?: string;
  readonly versions?: Record<string, string>;
}

/**
 * A process that answers one request after another. A `Request` says what is
 * timed; it is sent as JSON.
 */
export class Peer<Request extends { readonly variant: string }> {
  /** Versions of what it times. */
  readonly versions: Record<string, string>;
  readonly #process: JsonProcess;

  private constructor(
    process: JsonProcess,
    versions: Record<string, string>,
  ) {
    this.#process = process;
    this.versions = versions;
  }

  /**
   * Starts a peer.
   *
   * @param program What to start.
   * @returns The peer, ready for requests.
   * @throws {Error} If it does not start.
   */
  static async start<Request extends { readonly variant: string }>(
    { python, script, name, args }: PeerProgram,
  ): Promise<Peer<Request>> {
    const process = new JsonProcess(python, {
      args: [script, ...args],
      // Where scripts in other folders find `serve_requests.py`.
      env: {
        PYTHONPATH: dirname(fileURLToPath(import.meta.url)),
        PYTHONDONTWRITEBYTECODE: "1",
      },
      stderr: "null",
    });
    const first = await process.next() as PeerAnswer | undefined;
    if (first === undefined) {
      throw new Error(`${name} did not start in "${python}".`);
    }
    return new Peer<Request>(process, first.versions ?? {});
  }

  /**
   * Times some steps.
   *
   * @param request What to time.
   * @param steps How many, at least 1.
   * @returns Milliseconds of each step.
   * @throws {Error} With the peer's message, if it fails.
   */
  async time(request: Request, steps: number): Promise<number[]> {
    const answer = await this.#process.ask({ ...request, steps });
    const { ms, error } =
      (answer ?? { error: "the process ended" }) as PeerAnswer;
    if (ms === undefined) {
      throw new Error(sentence(`${request.variant}: ${error ?? "no answer"}`));
    }
    return ms;
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}

function sentence(text: string): string {
  return text.endsWith(".") ? text : `${text}.`;
}
