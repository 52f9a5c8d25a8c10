/**
 * A process of `deno task bench:workers`, seen from outside.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { UserError } from "@/errors/user_error.ts";
import type { Answer, Request, WorkerSettings } from "./worker.ts";
import { readLines } from "@/files/read_lines.ts";

/** A worker that answers one request after the other. */
export class BenchProcess {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #input: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  /** Starts it, with one thread; it may still have to wait for others. */
  constructor(settings: WorkerSettings) {
    const script = fileURLToPath(new URL("worker.ts", import.meta.url));
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", script, JSON.stringify(settings)],
      env: { ONECODE_THREADS: "1" },
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#lines = readLines(this.#process.stdout);
    this.#input = this.#process.stdin.getWriter();
  }

  /**
   * Waits until it is ready.
   *
   * @throws {UserError} When it ended; it has said why.
   */
  async ready(): Promise<void> {
    await this.#line();
  }

  /**
   * Has it time something.
   *
   * @throws {UserError} When it ended; it has said why.
   */
  async ask(request: Request): Promise<Answer> {
    const line = `${JSON.stringify(request)}\n`;
    await this.#input.write(new TextEncoder().encode(line));
    return JSON.parse(await this.#line());
  }

  async #line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done) throw new UserError("A process of the benchmark ended early.");
    return value;
  }

  /** Ends it. */
  async stop(): Promise<void> {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await this.#process.status;
  }
}
