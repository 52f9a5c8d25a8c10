/**
 * Plays a clip on a canvas: its medium frames as soon as they are decoded, and
 * the high ones in their place when there is time.
 *
 * @module
 */
/// <reference lib="dom" />
import { type ClipReader, readClipHeader } from "@/codec/decode/decode_clip.ts";
import {
  type ParsedClip,
  writeClipHeader,
} from "@/codec/format/clip_header.ts";
import type { Pixels } from "@/images/pixels.ts";
import { FetchError } from "@/web/fetch_file.ts";
import { drawPicture } from "@/web/pictures.ts";
import type { WorkerCodec } from "@/web/worker_client.ts";
import { ClipClock } from "./clip_clock.ts";
import { ClipFrames, type FrameSize } from "./clip_frames.ts";

/** What a player is connected to. */
export interface ClipPlayerOptions {
  /** Reads the clip's file. */
  readonly read: ClipReader;
  /** Starts the decoder, once. */
  readonly startCodec: () => Promise<WorkerCodec>;
  /** Receives the frames. */
  readonly canvas: HTMLCanvasElement;
  /** Called when what {@linkcode ClipPlayer.state} returns may have changed. */
  readonly onChange: () => void;
}

/** What a player does. */
export interface ClipState {
  /** The number of the frame that is shown. */
  readonly frame: number;
  /** Its size; missing before the first one. */
  readonly size?: FrameSize;
  /** Whether it plays, or waits for frames to play. */
  readonly isPlaying: boolean;
  /** What is waited for, if anything. */
  readonly waitsFor?: "the decoder" | "the clip" | "frames";
  /** Frames that were decoded in a second, by their size. */
  readonly speeds: Readonly<Partial<Record<FrameSize, number>>>;
  /** What went wrong last, a sentence. */
  readonly fault?: string;
}

/** Maximum number of groups whose medium bytes are kept. */
const KEPT_PARTS = 32;

/** Frames of a size that were decoded, and how long it took. */
interface Work {
  frames: number;
  milliseconds: number;
}

/** A clip that is played. */
export class ClipPlayer {
  readonly #options: ClipPlayerOptions;
  readonly #work = new Map<FrameSize, Work>();
  #opened: Promise<void> | undefined;
  #clock: ClipClock | undefined;
  #frames: ClipFrames | undefined;
  /** Bytes of medium frames by group, so that they are not read again. */
  readonly #parts = new Map<number, Uint8Array>();
  #isPlaying = false;
  /** The frame to begin with, while the clip is opened. */
  #wanted = 0;
  #shown: Pixels | undefined;
  #waitsFor: ClipState["waitsFor"];
  #fault: string | undefined;

  /**
   * Connects a player; nothing is fetched before {@linkcode play}.
   *
   * @param options What it is connected to.
   */
  constructor(options: ClipPlayerOptions) {
    this.#options = options;
  }

  /** What it does. */
  get state(): ClipState {
    const frame = this.#clock?.frame ?? this.#wanted;
    const found = this.#frames?.at(frame);
    const waitsFor = this.#waitsFor ??
      (this.#frames !== undefined && found === undefined
        ? "frames"
        : undefined);
    return {
      frame,
      ...found && { size: found.size },
      isPlaying: this.#isPlaying,
      ...waitsFor && this.#fault === undefined && { waitsFor },
      speeds: Object.fromEntries(
        Array.from(this.#work, ([size, { frames, milliseconds }]) => [
          size,
          1000 * frames / milliseconds,
        ]),
      ),
      ...this.#fault !== undefined && { fault: this.#fault },
    };
  }

  /** Plays from the frame that is shown, and tries again what failed. */
  async play(): Promise<void> {
    this.#isPlaying = true;
    this.#fault = undefined;
    this.#frames?.retry();
    await this.#open();
    if (this.#isPlaying) this.#clock?.play(performance.now());
    this.#want();
    this.#options.onChange();
  }

  /** Stops at the frame that is shown. */
  pause(): void {
    this.#isPlaying = false;
    this.#clock?.pause();
    this.#want();
    this.#options.onChange();
  }

  /**
   * Goes to a frame.
   *
   * @param frame Its number.
   */
  async seek(frame: number): Promise<void> {
    this.#fault = undefined;
    this.#wanted = frame;
    this.#clock?.seek(frame, performance.now());
    await this.#open();
    this.#want();
    this.#show();
  }

  /** Reads the header and starts the decoder; a fault ends up in the state. */
  async #open(): Promise<void> {
    this.#opened ??= this.#start();
    try {
      await this.#opened;
    } catch (error) {
      this.#opened = undefined;
      this.#waitsFor = undefined;
      this.#isPlaying = false;
      this.#fault = (error as Error).message;
      this.#options.onChange();
    }
  }

  async #start(): Promise<void> {
    const { read, startCodec, onChange } = this.#options;
    this.#waitsFor = "the clip";
    onChange();
    const clip = await readClipHeader(read);
    this.#waitsFor = "the decoder";
    onChange();
    const codec = await startCodec();
    this.#waitsFor = undefined;
    this.#clock = new ClipClock(clip.frames, clip.rate / clip.seconds);
    this.#clock.seek(this.#wanted, performance.now());
    this.#frames = new ClipFrames(
      clip,
      (index, size) => this.#decode(codec, clip, index, size),
      {
        onFrame: (frame) => {
          if (frame === this.#clock!.frame) this.#show();
        },
        onError: (error) => {
          this.#fault = error.message;
          // Another try may help; damaged groups are passed over.
          if (error instanceof FetchError) this.pause();
          onChange();
        },
      },
    );
    requestAnimationFrame(this.#tick);
  }

  async *#decode(
    codec: WorkerCodec,
    clip: ParsedClip,
    index: number,
    size: FrameSize,
  ): AsyncGenerator<Pixels> {
    const bytes = await this.#bytesOf(clip, index, size);
    await codec.openGroup(writeClipHeader(clip), index, bytes, size);
    for (;;) {
      const before = performance.now();
      const { picture } = await codec.nextFrame();
      if (picture === undefined) return;
      const work = this.#work.get(size) ?? { frames: 0, milliseconds: 0 };
      work.frames++;
      work.milliseconds += performance.now() - before;
      this.#work.set(size, work);
      yield picture;
      this.#options.onChange();
    }
  }

  async #bytesOf(
    { places }: ParsedClip,
    index: number,
    size: FrameSize,
  ): Promise<Uint8Array> {
    const { read } = this.#options;
    const { start, mediumEnd, end } = places[index]!;
    const medium = this.#parts.get(index) ?? await read(start, mediumEnd);
    this.#parts.set(index, medium);
    const [oldest] = this.#parts.keys();
    if (this.#parts.size > KEPT_PARTS) this.#parts.delete(oldest!);
    if (size === "medium") return medium;
    const rest = await read(mediumEnd, end);
    const bytes = new Uint8Array(medium.length + rest.length);
    bytes.set(medium);
    bytes.set(rest, medium.length);
    return bytes;
  }

  #want(): void {
    if (this.#clock === undefined) return;
    this.#frames?.want(this.#clock.frame, this.#clock.isPlaying);
  }

  readonly #tick = (now: number): void => {
    requestAnimationFrame(this.#tick);
    const frames = this.#frames!;
    const isOther = this.#clock!.tick(
      now,
      (frame) => frames.at(frame) !== undefined,
      (frame) => frames.isMissing(frame),
    );
    if (!isOther) return;
    this.#want();
    this.#show();
  };

  #show(): void {
    const found = this.#frames?.at(this.#clock!.frame);
    if (found !== undefined && found.picture !== this.#shown) {
      drawPicture(this.#options.canvas, found.picture);
      this.#shown = found.picture;
    }
    this.#options.onChange();
  }
}
