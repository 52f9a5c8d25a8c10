/**
 * A peer of the benchmark: a Python process that times Keras or PyTorch.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { readLines } from "@/files/read_lines.ts";

/** What is timed. */
export interface Timing {
  /** Which of the peer's ways, such as `keras` or `torchCompile`. */
  readonly variant: string;
  /** A training step, or one half of the network alone. */
  readonly kind: "train" | "encode" | "decode";
  /** Side of the images. */
  readonly size: number;
  /** Images a step. */
  readonly batch: number;
}

type Answer = {
  readonly ms?: number[];
  readonly error?: string;
  readonly versions?: Record<string, string>;
};

/** How a peer is started. */
export interface PeerProgram {
  /** The Python that has its libraries. */
  readonly python: string;
  /** The script, which reads requests and answers them, a line each. */
  readonly script: string;
  /** What it is called, for the user. */
  readonly name: string;
  /** Words for the script. */
  readonly args: readonly string[];
}

/** The script of this benchmark's peers. */
export const PEERS_SCRIPT: string = fileURLToPath(
  new URL("peers.py", import.meta.url),
);

/**
 * A process that answers one request after another. `Request` is what is
 * timed, for JSON.
 */
export class Peer<Request extends { readonly variant: string } = Timing> {
  /** Versions of what it times. */
  readonly versions: Record<string, string>;
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  private constructor(
    process: Deno.ChildProcess,
    lines: AsyncIterator<string>,
    versions: Record<string, string>,
  ) {
    this.#process = process;
    this.#lines = lines;
    this.#input = process.stdin.getWriter();
    this.versions = versions;
  }

  /**
   * Starts a peer.
   *
   * @throws {Error} When it does not start.
   */
  static async start<Request extends { readonly variant: string } = Timing>(
    { python, script, name, args }: PeerProgram,
  ): Promise<Peer<Request>> {
    const process = new Deno.Command(python, {
      args: [script, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = readLines(process.stdout);
    const first = await lines.next();
    if (first.done) throw new Error(`${name} did not start in "${python}".`);
    const { versions } = JSON.parse(first.value) as Answer;
    return new Peer<Request>(process, lines, versions ?? {});
  }

  /**
   * Milliseconds of each step.
   *
   * @throws {Error} With the peer's own words, when it cannot.
   */
  async time(timing: Request, steps: number): Promise<number[]> {
    const request = JSON.stringify({ ...timing, steps });
    await this.#input.write(new TextEncoder().encode(`${request}\n`));
    const answer = await this.#lines.next();
    const { ms, error } = answer.done
      ? { ms: undefined, error: "the process ended" }
      : JSON.parse(answer.value) as Answer;
    if (ms === undefined) {
      throw new Error(`${timing.variant}: ${error ?? "no answer"}`);
    }
    return ms;
  }

  /** Ends the process. */
  async stop(): Promise<void> {
    try {
      await this.#input.close();
    } catch {
      // It is gone already.
    }
    await this.#process.status;
  }
}
