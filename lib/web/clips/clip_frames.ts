/**
 * The frames of a clip that are decoded, and which ones are decoded next: those
 * of the group that is shown and of the groups after it, first all medium
 * frames, then the high ones. Memory holds the frames of a few groups, however
 * long the clip is.
 *
 * @module
 */
import type { GroupPlace, ParsedClip } from "@/codec/format/clip_header.ts";
import type { Pixels } from "@/images/pixels.ts";

/** The sizes of frames, in the order in which they are decoded. */
export const FRAME_SIZES = ["medium", "high"] as const;

/** A size of frames. */
export type FrameSize = typeof FRAME_SIZES[number];

/** A decoded frame. */
export interface ClipFrame {
  /** Which size it has. */
  readonly size: FrameSize;
  /** The frame. */
  readonly picture: Pixels;
}

/** Decodes the frames of a group in order, from its first one. */
export type DecodeClipGroup = (
  index: number,
  size: FrameSize,
) => AsyncIterable<Pixels>;

/** What is told of the work. */
export interface ClipFramesOptions {
  /** Called when a frame is there, by its number. */
  readonly onFrame?: (frame: number, size: FrameSize) => void;
  /** Called when a group cannot be decoded, which is not tried again. */
  readonly onError?: (error: Error, index: number, size: FrameSize) => void;
  /** Maximum bytes of the frames that are kept, but those of two groups are. */
  readonly maxBytes?: number;
}

/** Maximum bytes of the frames that are kept by default. */
const MAX_BYTES = 64 * 2 ** 20;

/** What is decoded at once. */
interface Job {
  readonly index: number;
  readonly size: FrameSize;
}

/** The frames of a clip. */
export class ClipFrames {
  readonly #clip: ParsedClip;
  readonly #decode: DecodeClipGroup;
  readonly #options: ClipFramesOptions;
  /** Number of groups that are kept. */
  readonly #kept: number;
  readonly #frames = new Map<number, ClipFrame>();
  /** Groups that could not be decoded, as `size index`. */
  readonly #failed = new Set<string>();
  #shown = 0;
  #isPlaying = false;
  #isWorking = false;
  #isClosed = false;

  /**
   * Starts with no frame; {@linkcode want} begins the work.
   *
   * @param clip The clip.
   * @param decode Decodes a group.
   * @param options Who is told.
   */
  constructor(
    clip: ParsedClip,
    decode: DecodeClipGroup,
    options: ClipFramesOptions = {},
  ) {
    this.#clip = clip;
    this.#decode = decode;
    this.#options = options;
    const bytes = 3 * clip.width * clip.height * clip.groupFrames;
    const kept = Math.floor((options.maxBytes ?? MAX_BYTES) / bytes);
    // The group that is shown, and the one that is shown next.
    this.#kept = Math.min(Math.max(2, kept), clip.places.length);
  }

  /** Number of frames that are kept. */
  get count(): number {
    return this.#frames.size;
  }

  /**
   * Returns a frame, at the best size that is there.
   *
   * @param frame Its number.
   * @returns The frame; undefined if it is not there yet.
   */
  at(frame: number): ClipFrame | undefined {
    return this.#frames.get(frame);
  }

  /**
   * Tells whether a frame will not come, since its group cannot be decoded.
   *
   * @param frame Its number.
   */
  isMissing(frame: number): boolean {
    const index = this.#groupOf(frame);
    return !this.#frames.has(frame) && this.#hasFailed(index, "medium");
  }

  /**
   * Says what is shown, so that it and what follows is decoded.
   *
   * @param frame The number of the frame.
   * @param isPlaying Whether the frames after it are shown next. If not, its
   * group comes first, at both sizes.
   */
  want(frame: number, isPlaying: boolean): void {
    this.#shown = frame;
    this.#isPlaying = isPlaying;
    this.#drop();
    void this.#work();
  }

  /** Tries again what could not be decoded. */
  retry(): void {
    this.#failed.clear();
    void this.#work();
  }

  /** Ends the work after the frame that is being decoded. */
  close(): void {
    this.#isClosed = true;
    this.#frames.clear();
  }

  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let job = this.#next(); job !== undefined; job = this.#next()) {
        await this.#do(job);
      }
    } finally {
      this.#isWorking = false;
    }
  }

  async #do(job: Job): Promise<void> {
    const { index, size } = job;
    const { firstFrame } = this.#place(index);
    let frame = firstFrame;
    try {
      for await (const picture of this.#decode(index, size)) {
        if (this.#isClosed || !this.#window().includes(index)) return;
        if (this.#frames.get(frame)?.size !== "high") {
          this.#frames.set(frame, { size, picture });
        }
        this.#options.onFrame?.(frame, size);
        frame++;
        if (this.#isLate(job)) return;
      }
    } catch (error) {
      this.#failed.add(`${size} ${index}`);
      this.#options.onError?.(error as Error, index, size);
    }
  }

  /** Whether frames are needed now, and those of a job are not. */
  #isLate(job: Job): boolean {
    const next = this.#next();
    return next !== undefined && this.#isUrgent(next) && !this.#isUrgent(job);
  }

  /** Who looks at one frame wants it sharp, who plays wants what is next. */
  #isUrgent({ index, size }: Job): boolean {
    const [shown, after] = this.#window();
    if (!this.#isPlaying) return index === shown;
    return size === "medium" && (index === shown || index === after);
  }

  /** What is decoded next. */
  #next(): Job | undefined {
    if (this.#isClosed) return undefined;
    const window = this.#window();
    const jobs = FRAME_SIZES.flatMap((size) =>
      window.map((index) => ({ index, size }))
    );
    if (!this.#isPlaying) {
      jobs.splice(1, 0, { index: window[0]!, size: "high" });
    }
    return jobs.find(({ index, size }) =>
      !this.#has(index, size) && !this.#hasFailed(index, size) &&
      !this.#hasFailed(index, "medium")
    );
  }

  /** Whether all frames of a group are there, at a size or a larger one. */
  #has(index: number, size: FrameSize): boolean {
    const { firstFrame, frames } = this.#place(index);
    for (let i = firstFrame; i < firstFrame + frames; i++) {
      const found = this.#frames.get(i)?.size;
      if (found !== size && found !== "high") return false;
    }
    return true;
  }

  #hasFailed(index: number, size: FrameSize): boolean {
    return this.#failed.has(`${size} ${index}`);
  }

  /** The groups whose frames are kept: the one that is shown, and the next. */
  #window(): number[] {
    const first = this.#groupOf(this.#shown);
    const count = this.#clip.places.length;
    return Array.from({ length: this.#kept }, (_, i) => (first + i) % count);
  }

  #drop(): void {
    const window = new Set(this.#window());
    for (const frame of this.#frames.keys()) {
      if (!window.has(this.#groupOf(frame))) this.#frames.delete(frame);
    }
  }

  #groupOf(frame: number): number {
    return Math.floor(frame / this.#clip.groupFrames);
  }

  #place(index: number): GroupPlace {
    return this.#clip.places[index]!;
  }
}
