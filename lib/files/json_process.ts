/**
 * A process that answers requests, one line of JSON for each.
 *
 * @module
 */
import { readLines } from "./read_lines.ts";

/** A running process; dispose of it to end it. */
export class JsonProcess implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  /**
   * Starts the process.
   *
   * @param command The program, a name on PATH or a path.
   * @param options Its arguments and environment; its streams are set here,
   * except for standard error, which is passed on unless it is set.
   */
  constructor(command: string, options: Deno.CommandOptions) {
    this.#process = new Deno.Command(command, {
      stderr: "inherit",
      ...options,
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#lines = readLines(this.#process.stdout);
    this.#input = this.#process.stdin.getWriter();
  }

  /**
   * Waits for the next line that the process prints.
   *
   * @returns The value of the JSON; `undefined` if the process has ended.
   */
  async next(): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : JSON.parse(value);
  }

  /**
   * Sends a request and waits for the answer.
   *
   * @param request Any value of JSON.
   * @returns The answer; `undefined` if the process has ended.
   */
  async ask(request: unknown): Promise<unknown> {
    const line = new TextEncoder().encode(`${JSON.stringify(request)}\n`);
    try {
      await this.#input.write(line);
    } catch {
      return undefined; // It has ended.
    }
    return await this.next();
  }

  /** Kills the process and waits for its end. */
  async kill(): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
  }

  /** Closes the input of the process, which ends it, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#process.status;
  }
}
