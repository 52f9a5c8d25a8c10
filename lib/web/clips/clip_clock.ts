/**
 * Which frame of a clip is shown when. A clip waits for a frame that is not there
 * yet, and begins again after its last one.
 *
 * @module
 */

/** The time of a clip. */
export class ClipClock {
  readonly #frames: number;
  readonly #interval: number;
  #frame = 0;
  /** When the next frame is due, in milliseconds; undefined while it rests. */
  #due: number | undefined;

  /**
   * Starts at the first frame, at rest.
   *
   * @param frames Number of frames.
   * @param framesPerSecond How many are shown in a second.
   */
  constructor(frames: number, framesPerSecond: number) {
    this.#frames = frames;
    this.#interval = 1000 / framesPerSecond;
  }

  /** The number of the frame that is shown. */
  get frame(): number {
    return this.#frame;
  }

  /** Whether it runs. */
  get isPlaying(): boolean {
    return this.#due !== undefined;
  }

  /**
   * Runs from the frame that is shown.
   *
   * @param now In milliseconds.
   */
  play(now: number): void {
    this.#due ??= now + this.#interval;
  }

  /** Rests at the frame that is shown. */
  pause(): void {
    this.#due = undefined;
  }

  /**
   * Goes to a frame.
   *
   * @param frame Its number; those beyond the ends mean the first or last one.
   * @param now In milliseconds.
   */
  seek(frame: number, now: number): void {
    this.#frame = Math.max(0, Math.min(this.#frames - 1, Math.round(frame)));
    if (this.isPlaying) this.#due = now + this.#interval;
  }

  /**
   * Goes to the next frame if it is time for it and it is there.
   *
   * @param now In milliseconds.
   * @param isThere Whether the frame of a number can be shown.
   * @param isMissing Whether it never can; then it is passed over.
   * @returns Whether another frame is shown.
   */
  tick(
    now: number,
    isThere: (frame: number) => boolean,
    isMissing: (frame: number) => boolean,
  ): boolean {
    if (this.#due === undefined || now < this.#due) return false;
    let next = (this.#frame + 1) % this.#frames;
    for (let i = 0; i < this.#frames && isMissing(next); i++) {
      next = (next + 1) % this.#frames;
    }
    if (!isThere(next)) return false;
    this.#frame = next;
    // What was waited for is not made up for.
    this.#due = Math.max(this.#due + this.#interval, now);
    return true;
  }
}
