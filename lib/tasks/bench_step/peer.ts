/**
 * A peer of the benchmark: a Python process that times Keras or PyTorch.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { readLines } from "../read_lines.ts";

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

/** A process that answers one request after another. */
export class Peer {
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
   * @param python The Python that has its libraries.
   * @param name `keras` or `torch`.
   * @param threads How many threads it may use.
   * @throws {Error} When it does not start.
   */
  static async start(
    python: string,
    name: "keras" | "torch",
    threads: number,
  ): Promise<Peer> {
    const script = fileURLToPath(new URL("peers.py", import.meta.url));
    const process = new Deno.Command(python, {
      args: [script, name, String(threads)],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const lines = readLines(process.stdout);
    const first = await lines.next();
    if (first.done) throw new Error(`${name} did not start in "${python}".`);
    const { versions } = JSON.parse(first.value) as Answer;
    return new Peer(process, lines, versions ?? {});
  }

  /**
   * Milliseconds of each step.
   *
   * @throws {Error} With the peer's own words, when it cannot.
   */
  async time(timing: Timing, steps: number): Promise<number[]> {
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
