/**
 * A time limit that starts anew whenever something is heard.
 *
 * @module
 */

/** Aborts when nothing has been heard for too long, or with another signal. */
export class Silence {
  readonly signal: AbortSignal;
  readonly #controller: AbortController = new AbortController();
  readonly #limit: number;
  #timer: ReturnType<typeof setTimeout>;

  constructor(limit: number, other: AbortSignal | undefined) {
    this.#limit = limit;
    this.#timer = this.#start();
    const own = this.#controller.signal;
    this.signal = other === undefined ? own : AbortSignal.any([own, other]);
  }

  #start(): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      this.#controller.abort(
        new Error(`the server was silent for ${this.#limit / 1000} s`),
      );
    }, this.#limit);
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
